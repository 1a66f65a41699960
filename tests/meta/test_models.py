"""Every column has a class, every reference a reason to vanish, every queryset its door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import models

from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from tests.meta.classification import CLASSES, HOW_KEPT, SENSITIVE
from tests.meta.test_constraints import our_models

MODELS = {model._meta.label: model for model in our_models()}
ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize("label", sorted(MODELS))
def test_每一列都有密级(label: str) -> None:
    """A new column fails here until somebody has thought about who may see it."""
    classed = " ".join(CLASSES.get(label, {}).values()).split()
    assert sorted(classed) == sorted(field.name for field in MODELS[label]._meta.local_fields)


def test_密级表没有多余的模型() -> None:
    assert sorted(CLASSES) == sorted(MODELS)


def test_敏感列加密或只留摘要() -> None:
    bare = {
        f"{label}.{name}"
        for label, classes in CLASSES.items()
        for name in classes.get(SENSITIVE, "").split()
        if not isinstance(MODELS[label]._meta.get_field(name), EncryptedTextField | BlindIndexField)
    }
    assert bare == set(HOW_KEPT)


def test_加密的列都列为敏感() -> None:
    encrypted = {
        f"{label}.{field.name}"
        for label, model in MODELS.items()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField | BlindIndexField)
    }
    listed = {f"{label}.{name}" for label, classes in CLASSES.items() for name in classes.get(SENSITIVE, "").split()}
    assert encrypted <= listed


def test_留痕表不含敏感明文() -> None:
    """A history table copies columns: what is a secret must not be copied into the clear."""
    from django.apps import apps

    for event in apps.get_models():
        tracked = getattr(event, "pgh_tracked_model", None)
        if tracked is None or tracked._meta.label not in CLASSES:
            continue
        secret = CLASSES[tracked._meta.label].get(SENSITIVE, "").split()
        copied = {field.name for field in event._meta.local_fields}
        plain = [n for n in secret if n in copied and not isinstance(event._meta.get_field(n), EncryptedTextField)]
        assert plain == [], event


NOT_PROTECTED = {
    "accounts.Invitation.organisation": "an invitation means nothing without its organisation",
    "accounts.PasswordReset.user": "worthless without the account",
    "attachments.AttachmentShare.attachment": "who was shown a file is in the journal; the share goes with the file",
    "mailbox.OutgoingEmail.message": "the e-mail only points to its message",
    "stations.EmployerAlias.operator": "the operator's own memory of spellings",
    "stations.ImportBatch.job": "progress only; the batch says itself how it ended",
    "stations.StagedRow.batch": "rows of an upload go with it",
    "stations.Adjudication.delivery": "goes with a row corrected away before hand-in; the journal keeps it",
    "stations.Recount.job": "progress only; the recount says itself what it found",
    "stations.RecountChange.recount": "a line of its recount",
    "stations.RecountChange.delivery": "goes with a row taken out of the roster; the journal keeps it",
    "stations.Application.batch": "a batch without a document may be dissolved, its applications stay",
    "stations.Site.application": "part of a draft",
    "stations.Material.application": "part of a draft",
    "stations.Material.site": "a site taken off the form takes its papers' places with it",
    "stations.PaperReceipt.application": "part of a draft at the counter",
    "stations.ActivityOrganiser.activity": "a line of the entry, written again with it",
    "assessments.SurveyCard.delivery": "a row corrected away before its card was handed out leaves a card for nobody",
    "assessments.SheetPresence.sheet": "who has a page open means nothing without the page",
}


def test_引用的删除方式都是拒绝_除非写明原因() -> None:
    others = {
        f"{label}.{field.name}"
        for label, model in MODELS.items()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.on_delete is not models.PROTECT
    }
    assert others == set(NOT_PROTECTED)


def test_代码里没有留下删除业务数据的后门() -> None:
    """`_raw_delete`, TRUNCATE and disabled triggers stand nowhere in the portal itself."""
    words = ("_raw_delete", "TRUNCATE TABLE", "DISABLE TRIGGER", "session_replication_role", "pgtrigger.ignore")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sources()
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert [line for line in found if not line.startswith("jinhua_labor/localdb/")] == ALLOWED_RAW


ALLOWED_RAW: list[str] = []


# --- one door to the rows ---------------------------------------------------------------------------------------------

DOORS = {"visible_to", "public"}
ELSEWHERE = {
    "jinhua_labor/accounts/pages/own.py: LoginEvent.objects.filter": "one's own sign-ins",
    "jinhua_labor/accounts/pages/people.py: Invitation.objects.filter": "of organisations from visible_to",
    "jinhua_labor/attachments/views.py: Attachment.objects.filter": "released files, for everybody",
    "stations/registry/views/employers.py: Employer.objects.filter": "figures of the rows visible_to gave",
    "stations/roster/views/importing.py: StagedRow.objects.filter": "of the import just fetched",
    "stations/roster/views/insurance.py: Delivery.objects.filter": "of the list just fetched",
    "stations/roster/views/insurance.py: Employer.objects.filter": "whether a payer is registered, for the centre",
    "stations/roster/views/listing.py: ImportBatch.objects.filter": "of the list just fetched",
    "stations/applications/views/draft.py: Application.objects.get": "the file just fetched, read again",
    "stations/applications/views/prints.py: ReviewEvent.objects.select_related": "of the file just fetched",
    "stations/applications/views/prints.py: SubmissionReceipt.objects.filter": "of the event just fetched",
    "stations/applications/views/review.py: CountSnapshot.objects.filter": "of the file just fetched",
}
"""Where a view reaches rows otherwise, and why nobody sees more by it."""


def sources() -> Iterator[Path]:
    for room in ("jinhua_labor", "stations", "assessments", "subsidies"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def is_view(path: Path) -> bool:
    return path.name == "views.py" or bool({"views", "pages"} & set(path.parent.parts))


def ways_in(path: Path) -> Iterator[str]:
    """`Model.objects.<method>` as written in this file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in {"objects", "_default_manager", "_base_manager"}
        ):
            yield f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"


def test_视图只从一道门取数据() -> None:
    seen = {way for path in sources() if is_view(path) for way in ways_in(path)}
    other = {way for way in seen if way.rsplit(".", 1)[1] not in DOORS}
    assert sorted(other - set(ELSEWHERE)) == []
    assert sorted(set(ELSEWHERE) - other) == [], "不再需要的例外"


def test_视图不写数据() -> None:
    """Writes are the services': a view neither saves nor deletes a row nor opens a transaction."""
    writes = []
    for path in filter(is_view, sources()):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                written = ast.unparse(node.func)
                if node.func.attr in {"save", "delete", "bulk_create", "bulk_update", "atomic"} or (
                    node.func.attr in {"create", "update"} and "objects" in written
                ):
                    writes.append(f"{path.relative_to(ROOT).as_posix()}: {written}")
    assert writes == []


def test_没有手写拼接的SQL() -> None:
    """Values reach PostgreSQL as parameters; an f-string may hold names of tables, never what was sent."""
    built = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany", "raw", "extra", "RawSQL"}
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    }
    assert sorted(built) == SQL_WITH_NAMES


SQL_WITH_NAMES = ["stations/roster/services/bulk.py"]
"""Files that put names of their own tables and columns into SQL text: ANALYZE after a merge."""
