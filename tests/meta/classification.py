"""What each column of the portal's own tables may be to whom (个人信息保护法, ASVS 14.1.1).

PUBLIC: may stand on a page without sign-in. INTERNAL: for those who work with the file; names no private person.
PERSONAL: says something about a living person; seen only through `visible_to`. SENSITIVE: a number of identity, a
secret or what would give one away; encrypted or only a digest, never on a page in full without a logged purpose.

Staff and contact persons are persons too: columns that point to `User` are INTERNAL (who acted is part of the file),
the account itself is PERSONAL.
"""

from __future__ import annotations

from typing import Final

PUBLIC: Final = "public"
INTERNAL: Final = "internal"
PERSONAL: Final = "personal"
SENSITIVE: Final = "sensitive"

CLASSES: Final[dict[str, dict[str, str]]] = {
    "core.CalendarDay": {
        PUBLIC: "day is_workday",
        INTERNAL: "note updated_at",
    },
    "audit.AuditEntry": {
        INTERNAL: "id at actor role organisation_name action object_type object_id purpose request_id seq hash",
        PERSONAL: "actor_name object_title detail ip",
    },
    "accounts.Organisation": {
        PUBLIC: "name credit_code kind",
        INTERNAL: (
            "id state licence_no consent_version consented_at registered_at confirmed_by confirmed_at refusal_reason"
        ),
        PERSONAL: "contact_name contact_phone",
    },
    "accounts.User": {
        INTERNAL: "id role organisation is_org_admin is_active large_text created_at last_login",
        PERSONAL: "username name phone email",
        SENSITIVE: "password",
    },
    "accounts.Invitation": {
        INTERNAL: (
            "id organisation role is_org_admin created_by created_at expires_at accepted_by accepted_at withdrawn_at"
        ),
        PERSONAL: "name email",
        SENSITIVE: "token_hash",
    },
    "accounts.PasswordReset": {
        INTERNAL: "id user created_by created_at expires_at used_at",
        SENSITIVE: "token_hash",
    },
    "accounts.LoginEvent": {
        INTERNAL: "id at user outcome",
        PERSONAL: "username ip",
    },
    "rulebook.Version": {
        PUBLIC: "kind base subject decided_by doc_no doc_date valid_from effective_to changes code",
        INTERNAL: (
            "id state note extends_from revision drafted_by drafted_at submitted_at returned_note confirmed_by "
            "confirmed_at confirmed_on withdrawn_by withdrawn_at withdrawn_on withdrawn_reason discarded_by "
            "discarded_at"
        ),
    },
    "attachments.Attachment": {
        INTERNAL: (
            "id organisation audience secret kind content_type size sha256 original_size original_sha256 "
            "stored_name preview_name preview_sha256 preview_type pages width height state checked_at "
            "released_at uploaded_by uploaded_at"
        ),
        PERSONAL: "name",
    },
    "attachments.AttachmentShare": {
        INTERNAL: "id attachment organisation matter reason until opened_by opened_at closed_by closed_at",
    },
    "jobs.Job": {
        INTERNAL: (
            "id kind title organisation created_by created_at state total done message back_url result "
            "attempts queue_id started_at heartbeat_at finished_at"
        ),
    },
    "mailbox.Message": {
        INTERNAL: "id user link created_at read_at",
        PERSONAL: "subject body",
    },
    "mailbox.OutgoingEmail": {
        INTERNAL: "id message state attempts due_at sent_at error",
        PERSONAL: "to",
    },
    "review.Review": {
        INTERNAL: (
            "id kind number title organisation url_name object_id state version decider open_key created_by "
            "created_at submitted_by submitted_at first_submitted_at accepted_on deemed_accepted screened_by "
            "screened_at recommendation screen_opinion approved_by approved_at rejected_by rejected_at "
            "decision_opinion due_on clock_from stage_used total_used"
        ),
    },
    "review.ReviewEvent": {
        INTERNAL: "id review action from_state to_state by at comment detail key",
    },
    "notices.Notice": {
        PUBLIC: "id kind title body fixed office phone workdays state released_at ends_on",
        INTERNAL: (
            "object_id prepared_by prepared_at released_by withdrawn_by withdrawn_at withdrawn_reason content_sha256"
        ),
    },
    "notices.Objection": {
        INTERNAL: "id notice evidence received_at answered_by answered_at",
        PERSONAL: "name contact content answer",
    },
    "documents.IssuedDocument": {
        PUBLIC: "kind doc_no title issued_on signed_file",
        INTERNAL: "id content content_sha256 signed_sha256 signed_sm3 created_by created_at",
    },
    "stations.OperatorProfile": {
        INTERNAL: "organisation registered_address licence_no licence_issuer licence_from licence_to updated_at",
        PERSONAL: "legal_rep head head_phone",
        SENSITIVE: "legal_rep_id",
    },
    "stations.Employer": {
        INTERNAL: "id name credit_code in_district has_dispatch_licence created_by created_at",
    },
    "stations.EmployerAlias": {
        INTERNAL: "id operator text employer",
    },
    "stations.KeyEmployer": {
        INTERNAL: "id employer year added_by added_at",
    },
    "stations.Station": {
        PUBLIC: (
            "id number name operator area_province area_city area_county address partner_name profile "
            "term_from term_to document established_on state plaque_on"
        ),
        INTERNAL: "area_key filing_no plaque_no plaque_photo plaque_by term_reminded created_at",
    },
    "stations.Liaison": {
        INTERNAL: "id station since until account",
        PERSONAL: "name phone",
    },
    "stations.ChangeReport": {
        INTERNAL: (
            "id number station operator kind source state reason effective_on submitted_on submitted_by on_time "
            "created_by created_at old_account new_account answer filed_by filed_at applied_on handover_due_on "
            "handover_on handover_items review new_operator accepted_by accepted_at agreement_from agreement_to "
            "credit_check credit_note credit_waiver"
        ),
        PERSONAL: "old new handover_from handover_to",
    },
    "stations.ChangePaper": {
        INTERNAL: "id change slot attachment added_by added_at superseded_at",
    },
    "subsidies.PayeeAccount": {
        INTERNAL: "id organisation holder bank tail proof effective_on added_by added_at",
        SENSITIVE: "number digest",
    },
    "subsidies.AccountChange": {
        INTERNAL: (
            "id organisation account former state reason asked_by asked_at checked_by checked_at check_note "
            "confirmed_by confirmed_at closed_by closed_at closing_reason"
        ),
    },
    "subsidies.Grant": {
        PUBLIC: "station kind period_no payee paid returned paid_on",
        INTERNAL: (
            "id assessment sheet title trigger_on final_on policy_version clause arithmetic base other payable top "
            "stage rounds review created_at account account_holder payee_name account_by account_at account_reason "
            "recheck_reason others_checked_by others_checked_at decision_pay decision_reason decision_doc_no "
            "decision_file decision_by decision_at notice fiscal_year approved_on submitted_by screened_by approved_by "
            "batched_at paid_by received_by received_on cancel_cause cancel_reason cancelled_by cancelled_at revocation"
        ),
        SENSITIVE: "account_snapshot",
    },
    "subsidies.OtherBenefit": {
        INTERNAL: (
            "id grant policy doc_no issued_on matter amount paid_on proof recorded_by recorded_at same_matter "
            "decision_reason decided_by decided_at"
        ),
    },
    "subsidies.Adjustment": {
        INTERNAL: (
            "id grant number cause sheet revocation before after difference reason former_review created_by created_at"
        ),
    },
    "subsidies.Approval": {
        INTERNAL: "id grant round step role label amount opinion by at screened_by reviewed_by",
    },
    "subsidies.Recovery": {
        INTERNAL: (
            "id number grant cause revocation sheet paid amount reason basis stage opened_by opened_at notified_by "
            "notified_on due_on returned_by returned_on voucher_no dropped_by dropped_at drop_reason"
        ),
    },
    "assessments.Assessment": {
        PUBLIC: "station period_no starts_on ends_on final_on",
        INTERNAL: (
            "id operator policy_version certainty stage opened_on data_cutoff self_due_on due_on frozen_year self_text "
            "self_submitted_by self_submitted_at reminded_for void_reason created_at"
        ),
    },
    "assessments.SelfEvidence": {
        INTERNAL: "id assessment code text attachment added_by added_at",
    },
    "assessments.Sheet": {
        PUBLIC: "total vetoed outcome",
        INTERNAL: (
            "id assessment round cause reason opened_by opened_at review facts checked_by checked_at feedback_until "
            "agreed_by agreed_at veto_reason counted skilled matured retained snapshot sha256 confirmed_at notice "
            "final_on"
        ),
    },
    "assessments.SheetPerson": {
        INTERNAL: "id sheet",
        PERSONAL: "delivery status codes matured retained contract skilled",
    },
    "assessments.SheetLine": {
        INTERNAL: ("id sheet code weight computed given skill_points parts reason version given_by given_at"),
    },
    "assessments.LineEvidence": {
        INTERNAL: "id line attachment added_by added_at",
    },
    "assessments.LineAnswer": {
        INTERNAL: "id sheet code text attachment by at reply replied_by replied_at",
    },
    "assessments.SheetPresence": {
        INTERNAL: "id sheet user seen_at",
    },
    "assessments.Round": {
        PUBLIC: "year",
        INTERNAL: "id cutoff apply_until quota remark opened_by opened_at notice document",
    },
    "assessments.Candidate": {
        INTERNAL: (
            "id round station operator channel statement stage review figures policy_version closing_reason created_by "
            "created_at"
        ),
    },
    "assessments.LedgerSight": {
        INTERNAL: "id assessment seen_on gaps note seen_by entered_at",
    },
    "assessments.Title": {
        PUBLIC: "station operator recognised_on document",
        INTERNAL: "id candidate state ended_on end_reason end_document",
    },
    "assessments.Reverification": {
        INTERNAL: (
            "id title number due_on opened_on review figures policy_version verdict decided_on rectify_until "
            "rectify_words after"
        ),
    },
    "assessments.Survey": {
        INTERNAL: (
            "id station period_no starts_on ends_on kind opens_on closes_on policy_version population required drawn "
            "frozen drawn_by drawn_at printed closed_at valid satisfied"
        ),
    },
    "assessments.SurveyCard": {
        INTERNAL: "id survey number employer",
        PERSONAL: "delivery used",
        SENSITIVE: "digest code",
    },
    "assessments.SurveyAnswer": {  # names nobody: what was said, the day, of which survey
        INTERNAL: "id survey satisfaction second third comment answered_on",
    },
    "assessments.EmployerBallot": {
        INTERNAL: "id card satisfaction second third comment answered_on",
    },
    "stations.Renewal": {
        INTERNAL: (
            "id number station operator state review term_was term_to unchanged changes agreement submitted_on "
            "created_by created_at answer clause remedy document term_from issued_by issued_at"
        ),
    },
    "stations.Revocation": {
        INTERNAL: (
            "id number station operator stage former_state grounds facts grave finding verified fail_years created_by "
            "created_at proposed_by proposed_on evidence notified_by notified_on defence_until statement_by "
            "statement_on answer answered_by answered_on review document ban notice closing_reason delivered_on "
            "delivered_by plaque_due_on plaque_returned_on plaque_returned_by reversed_on reversed_by reversal_cause "
            "reversal_reason"
        ),
        PERSONAL: "statement",
    },
    "stations.RevocationPaper": {
        INTERNAL: "id revocation slot attachment added_by added_at",
    },
    "stations.UnitCheck": {
        INTERNAL: "id change condition verdict reason by at",
    },
    "stations.Visit": {
        INTERNAL: (
            "id number station kind state planned planned_on purpose lead second visited_on side place account "
            "advice recorded_by recorded_at cancel_reason created_by created_at"
        ),
        PERSONAL: "others signed_by_station",
    },
    "stations.VisitCheck": {
        INTERNAL: "id visit line result note",
    },
    "stations.VisitPhoto": {
        INTERNAL: "id visit attachment caption",
    },
    "stations.Finding": {
        INTERNAL: "id station visit change line text due_on state raised_by raised_at closed_at",
    },
    "stations.Rectification": {
        INTERNAL: ("id finding round text done_on submitted_by submitted_at passed check_note checked_by checked_at"),
    },
    "stations.RectificationPaper": {
        INTERNAL: "id rectification attachment",
    },
    "stations.Activity": {
        INTERNAL: (
            "id station name kind held_on place mode employers_no jobs_no seekers_no intents_no employers summary "
            "key state answer confirmed_by confirmed_at created_by created_at"
        ),
    },
    "stations.ActivityOrganiser": {
        INTERNAL: "id activity station role position",
    },
    "stations.Complaint": {
        INTERNAL: (
            "id number key station received_on channel from_kind anonymous against_rights state tell_by finish_by "
            "told_on told_by answered_by answered_at transferred_on transferred_by verdict verified_on severe "
            "verified_by closed_on closed_by tell_reminded_on finish_reminded_on created_by created_at"
        ),
        PERSONAL: "content demand told_how shown answer transferred_note finding reply",
        SENSITIVE: "from_name from_phone code_digest",
    },
    "stations.Accident": {
        INTERNAL: (
            "id number station employer happened_on place during_delivery deaths serious_injuries loss_yuan state "
            "responsible grade basis basis_file basis_note proposed_by proposed_at decided_by decided_at returned_note "
            "bureau_major_finding bureau_note bureau_by bureau_at created_by created_at"
        ),
        PERSONAL: "description",
    },
    "stations.Assignment": {
        INTERNAL: (
            "id number station organisation purpose sections starts_on ends_on assigned_by assigned_at ended_by "
            "ended_at end_reason"
        ),
    },
    "stations.AssignmentOpinion": {
        INTERNAL: "id assignment number text written_by written_at written_on last_day",
    },
    "stations.ActivityPaper": {
        INTERNAL: "id activity slot attachment added_by added_at",
    },
    "stations.Ban": {
        INTERNAL: "id credit_code organisation_name decided_on last_day document_no lifted_on created_by",
    },
    "stations.StationPaper": {
        INTERNAL: (
            "id station kind place period version origin title number party side address tenure facilities text "
            "valid_from valid_to filed_on added_by added_at accepted check_note checked_by checked_at reminded_at"
        ),
    },
    "stations.StationPaperFile": {
        INTERNAL: "id paper attachment",
    },
    "stations.LedgerEntry": {
        INTERNAL: (
            "id station period item employer title file paper_volume paper_place paper_pages added_by added_at "
            "paper_seen_by paper_seen_at superseded_by superseded_at"
        ),
    },
    "stations.JobDemand": {
        PUBLIC: (
            "employer post headcount education skill requirements wage_min wage_max place hours welfare valid_from "
            "valid_to"
        ),
        INTERNAL: (
            "id station findings cleared_by cleared_at cleared_reason published_by published_at withdrawn_by "
            "withdrawn_at added_by added_at"
        ),
    },
    "stations.LedgerBook": {
        INTERNAL: "id station period file pages as_of purpose made_by made_at",
    },
    "stations.Person": {
        INTERNAL: "id created_at",
        PERSONAL: "last4 id_province sex birth si_checked_to",
        SENSITIVE: "id_number id_index",
    },
    "stations.RosterList": {
        INTERNAL: (
            "id operator station filled_on locked_at open_rows created_by created_at rows persons counted pending "
            "excluded by_code counted_as_of counted_at recount_due"
        ),
        PERSONAL: "filler filler_phone",
    },
    "stations.ImportBatch": {
        INTERNAL: (
            "id operator roster_list file job state problem sheet header default_form consent_version "
            "consent_by consent_at created_by created_at committed_by committed_at committed_rows"
        ),
    },
    "stations.StagedRow": {
        INTERNAL: "id batch row_no uid state employer_text employer_key employer form decision",
        PERSONAL: "problems name last4 id_province sex birth hukou_text hukou_province entry_on extras asks",
        SENSITIVE: "raw id_number id_index",
    },
    "stations.Delivery": {
        INTERNAL: (
            "id operator employer roster_list station batch seq consent_version consent_at created_at counted_at"
        ),
        PERSONAL: (
            "person entry_on name hukou_text hukou_province employment_form contract_employer_code post "
            "education skill certificate_no leave_on leave_reason status codes flags qualified_on"
        ),
    },
    "stations.Adjudication": {
        INTERNAL: "id by at",
        PERSONAL: "delivery code accepted reason proof",
    },
    "stations.Contract": {
        INTERNAL: "id added_by added_at voided_by voided_at paper_seen_by paper_seen_on",
        PERSONAL: "delivery signed_on starts_on ends_on kind file paper_reference void_reason",
    },
    "stations.SkillCertificate": {
        INTERNAL: "id added_by added_at voided_by voided_at checked_by checked_on",
        PERSONAL: "delivery kind level number file result check_note void_reason",
    },
    "stations.FrozenYear": {
        INTERNAL: (
            "id station period_no starts_on ends_on as_of policy_version certainty raw counted pending excluded "
            "skilled sha256 frozen_at frozen_by"
        ),
        PERSONAL: "rows",
    },
    "stations.RowCorrection": {
        INTERNAL: "id kind frozen by at",
        PERSONAL: "delivery reason changes status",
    },
    "stations.ClaimDecision": {
        INTERNAL: "id by at",
        PERSONAL: "person holder claimant kept reason",
    },
    "stations.InsuranceExtract": {
        INTERNAL: (
            "id roster_list station district file source whole_list month_from month_to asked found unmatched by at"
        ),
        PERSONAL: "notes",
    },
    "stations.RetentionCheck": {
        INTERNAL: "id check_on due_on opened_at reminded_at source checked_by checked_at locked revision",
        PERSONAL: "delivery result employer_on_check note si_month_ok proof",
    },
    "stations.RetentionCorrection": {
        INTERNAL: "id retention number by at",
        PERSONAL: "before_result before_employer after_result after_employer reason proof",
    },
    "stations.Headcount": {INTERNAL: "id as_of people by_month by_province"},
    "stations.Recount": {
        INTERNAL: (
            "id station cause as_of policy_version job by started_at finished_at stations rows changed "
            "counted_before pending_before excluded_before counted pending excluded"
        ),
    },
    "stations.RecountChange": {
        INTERNAL: "id recount",
        PERSONAL: "delivery before_status before_codes after_status after_codes",
    },
    "stations.InsuredMonth": {
        INTERNAL: "id extract",
        PERSONAL: "person month kind place payer_code status paid_on",
    },
    "stations.EstablishmentBatch": {
        INTERNAL: "id title main_to created_by created_at document issued_by issued_at",
    },
    "stations.Application": {
        INTERNAL: (
            "id review operator channel roster_list created_at area_province area_city area_county "
            "partner_name station_address term_to profile licence_no licence_issuer licence_from licence_to "
            "partner_kind agreement_signed_on agreement_from agreement_to agreement_measures pledged_by "
            "pledged_at credit_check credit_note filing_no filed_by filed_at batch station"
        ),
        PERSONAL: ("head head_phone partner_head partner_phone legal_rep liaison_name liaison_phone pledged_by_name"),
    },
    "stations.Site": {
        INTERNAL: (
            "id application side province city county address tenure lease_from lease_to facilities "
            "checked_by checked_at check_note added_at"
        ),
    },
    "stations.Material": {
        INTERNAL: "id application slot site attachment added_by added_at superseded_at",
    },
    "stations.PaperReceipt": {
        INTERNAL: "id application material copies by at",
    },
    "stations.SubmissionReceipt": {
        INTERNAL: "event application attachment issued_at",
    },
    "stations.SupplementNotice": {
        INTERNAL: "id application round due_on issued_by issued_at override_reason override_by",
    },
    "stations.Defect": {
        INTERNAL: "id application notice kind target marked_by marked_at answered_at",
        PERSONAL: "label text before answer",
    },
    "stations.Judgement": {
        INTERNAL: "id application condition part verdict reason by at",
    },
    "stations.CountSnapshot": {
        INTERNAL: ("id application stage as_of policy_version certainty raw counted pending excluded sha256 taken_at"),
        PERSONAL: "rows",
    },
    "subsidies.Batch": {
        INTERNAL: (
            "id number year serial state lines total remark made_by made_on made_at payment_sheet approval_sheet "
            "issued_by issued_on closed_on cancelled_by cancelled_at cancel_reason"
        ),
    },
    "subsidies.Payment": {
        INTERNAL: (
            "id batch seq grant round fiscal_year payee station item bank account_tail amount submitted_by screened_by "
            "approved_by made_by state voucher_no bank_ref paid_on paid_amount paid_by held_reason bounced_on "
            "bounce_reason bounced_by removed_on remove_reason removed_by"
        ),
        SENSITIVE: "account",
    },
    "subsidies.FormerPapers": {
        INTERNAL: (
            "id batch edition lines total payment_sheet approval_sheet issued_by issued_on replaced_by replaced_on "
            "replaced_at"
        ),
    },
    "subsidies.ResultSheet": {
        INTERNAL: "id file sha256 state rows_read matched repeated mismatched missing brought_by brought_at",
    },
    "subsidies.ResultRow": {
        INTERNAL: ("id sheet row batch_no payee amount said voucher_no on reason payment repeats problem words"),
    },
    "subsidies.BudgetEntry": {INTERNAL: "id year number amount basis entered_by entered_at"},
}

HOW_KEPT: Final = {
    "accounts.User.password": "Argon2id hash",
    "accounts.Invitation.token_hash": "SHA-256 of a random token",
    "accounts.PasswordReset.token_hash": "SHA-256 of a random token",
    "stations.Complaint.code_digest": "SHA-256 of a random code",
    "assessments.SurveyCard.digest": "SHA-256 of a random code",
}
"""SENSITIVE columns that are neither encrypted nor a keyed digest, and how they are kept instead."""
