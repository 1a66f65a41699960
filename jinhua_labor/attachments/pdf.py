"""PDF files without anything that acts: scripts, launches, embedded files, forms that call home."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

MAX_PAGES: Final = 200
MAX_OBJECTS: Final = 200_000
MAX_DEPTH: Final = 60
# Keys that hold something which acts by itself or carries another file.
ACTIVE_KEYS: Final = ("/OpenAction", "/AA", "/JavaScript", "/JS", "/EmbeddedFiles", "/XFA", "/Collection", "/AF", "/EF")
DANGEROUS_ACTIONS: Final = frozenset(
    {
        *("/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/ResetForm", "/Hide"),
        *("/Rendition", "/Sound", "/Movie", "/RichMediaExecute", "/GoTo3DView", "/SetOCGState", "/Trans", "/Thread"),
    }
)
ACTIVE_ANNOTATIONS: Final = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D", "/Sound"})


class PdfRefusedError(Exception):
    """The file cannot be accepted; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """The file written anew without active content; `signed` when it carries an electronic signature."""

    clean: bytes
    pages: int
    signed: bool


def normalise(data: bytes) -> CleanPdf:
    """The harmless copy. Raises PdfRefusedError for what is locked, broken, too long, or signed *and* active.

    A signed file is kept as it came, for writing it anew would break the signature; so it must be harmless already.
    """
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise PdfRefusedError("PDF 已加密或有密码保护，请去掉密码后再上传。")
            pages = len(pdf.pages)
            if not pages:
                raise PdfRefusedError("PDF 里没有页面。")
            if pages > MAX_PAGES:
                raise PdfRefusedError(f"PDF 共 {pages} 页，最多 {MAX_PAGES} 页，请分成几份上传。")
            if len(pdf.objects) > MAX_OBJECTS:
                raise PdfRefusedError("PDF 的结构过于复杂，请重新打印或扫描成 PDF 后再上传。")
            signed = _is_signed(pdf)
            changed = _strip(pdf)
            if signed and changed:
                raise PdfRefusedError("PDF 带有脚本、附件或动作，且已电子签名，无法清理。请上传不带这些内容的版本。")
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
            return CleanPdf(out.getvalue(), pages, signed)
    except pikepdf.PasswordError as error:
        raise PdfRefusedError("PDF 已加密或有密码保护，请去掉密码后再上传。") from error
    except PdfRefusedError:
        raise
    except (pikepdf.PdfError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PdfRefusedError("PDF 已损坏，打不开。请重新导出或扫描后再上传。") from error


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return False
    fields = [field for field in form.get("/Fields") or [] if isinstance(field, pikepdf.Dictionary)]
    return any(field.get("/FT") == "/Sig" and "/V" in field for field in fields)


def _strip(pdf: pikepdf.Pdf) -> bool:
    """Removes active content everywhere, reachable or not; True when there was any."""
    changed = False
    for item in pdf.objects:
        changed |= _strip_object(item, 0)
    return changed


def _strip_object(item: Any, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise PdfRefusedError("PDF 的结构过于复杂，请重新打印或扫描成 PDF 后再上传。")
    if isinstance(item, pikepdf.Array):
        # Objects of their own are visited by themselves; only what lies directly inside is visited here.
        found = [_strip_object(child, depth + 1) for child in item if not _own(child)]
        return any(found)
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return False
    changed = False
    for key in ACTIVE_KEYS:
        if key in item and not (key == "/AF" and item.get("/Type") == "/Sig"):
            del item[key]
            changed = True
    if _acts(item.get("/A")):
        del item["/A"]
        changed = True
    if str(item.get("/Subtype", "")) in ACTIVE_ANNOTATIONS and "/Rect" in item:
        for key in list(item.keys()):
            if key not in {"/Type", "/Subtype", "/Rect"}:
                del item[key]
        item["/Subtype"] = pikepdf.Name("/Square")
        changed = True
    if _acts(item):
        for key in ("/F", "/Win", "/Next", "/URI"):
            if key in item:
                del item[key]
        item["/S"] = pikepdf.Name("/Named")
        item["/N"] = pikepdf.Name("/FirstPage")
        changed = True
    for key in list(item.keys()):
        child = item[key]
        if not _own(child):
            changed |= _strip_object(child, depth + 1)
    return changed


def _own(child: Any) -> bool:
    return isinstance(child, pikepdf.Object) and child.is_indirect


def _acts(action: Any) -> bool:
    """Whether a dictionary is an action other than going to a page or opening a web address."""
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action or not isinstance(action["/S"], pikepdf.Name):
        return False
    kind = str(action["/S"])
    if str(action.get("/Type", "/Action")) != "/Action":
        return False  # `/S` also names transparency groups, borders and structure elements, which do nothing
    if kind == "/URI":
        return not str(action.get("/URI", "")).lower().startswith(("http://", "https://", "mailto:"))
    return kind in DANGEROUS_ACTIONS
