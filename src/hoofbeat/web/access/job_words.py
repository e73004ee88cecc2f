"""Background jobs in plain words: what kind one is, and why it failed. A reason is made from the kind of the error,
never from its text: that may hold words of a record.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAIL = "hoofbeat.web.mail.send_mail"
READ_GENOME = "hoofbeat.web.records.genome_jobs.read_genome"
ANSWER = "hoofbeat.web.records.genome_jobs.answer_question"
DAILY = "hoofbeat.web.running.jobs.daily"
MONTHLY = "hoofbeat.web.running.reanalysis_job.monthly"
LOOK_AT_SOME = "hoofbeat.web.records.reanalysis_jobs.look_at_some"

# A test holds that every job of the application is here.
KINDS: Mapping[str, str | Promise] = {
    MAIL: gettext_lazy("Send an e-mail that says that something is new"),
    READ_GENOME: gettext_lazy("Read a file of variants"),
    ANSWER: gettext_lazy("Search a file of variants for one variant"),
    DAILY: gettext_lazy("The day's work: notices that rights end, and tidying up"),
    MONTHLY: gettext_lazy("Begin to look at all open records again"),
    LOOK_AT_SOME: gettext_lazy("Look at open records again"),
}

_BY_ERROR: Mapping[str, str | Promise] = {
    "MemoryError": gettext_lazy("The machine had too little memory."),
    "KnowledgeError": gettext_lazy("The medical knowledge could not be used; it may have to be built anew."),
    "InputError": gettext_lazy("What was given to it could not be read."),
    "DoesNotExist": gettext_lazy("What it was about is not there any more."),
}
_DATABASE = frozenset({"OperationalError", "InterfaceError", "DatabaseError"})
_MAIL_PREFIX = "SMTP"
_FILE = frozenset({"FileNotFoundError", "PermissionError", "IsADirectoryError"})
# What Python raises where the other side does not answer.
_CONNECTION = frozenset({
    "ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError", "BrokenPipeError", "TimeoutError",
    "gaierror", "SSLError", "SSLCertVerificationError",
})  # fmt: skip


def kind_name(task_path: str) -> str:
    """What a job does."""
    return str(KINDS.get(task_path) or _("Something that this version does not know"))


def reason(task_path: str, exception_class_path: str) -> str:
    """Why a job failed, as far as the kind of the error tells."""
    error = exception_class_path.rpartition(".")[2]
    if not error:
        return _("The process that did it was stopped each time before it was done.")
    if error in _DATABASE:
        return _("The database did not answer, or was busy for too long.")
    if task_path == MAIL and error.startswith(_MAIL_PREFIX):
        return _("The mail server did not take it. It may be busy, or the address may be wrong.")
    if error in _CONNECTION:
        return _("The mail server did not answer.") if task_path == MAIL else _("Another machine did not answer.")
    if error in _FILE:
        return _("A file that it needs is not there, or may not be read.")
    if error == "OSError":
        return _("The disk, or a connection, failed.")
    if known := _BY_ERROR.get(error):
        return str(known)
    message = _("An error in the program (%(error)s). The log of the installation says where.")
    return message % {"error": error}
