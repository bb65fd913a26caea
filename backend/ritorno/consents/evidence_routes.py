"""Evidence files over HTTP: a scan or a signature, kept by its hash (C-13, S-19)."""

from typing import Annotated

from fastapi import Depends, File, Form, Path, Response, UploadFile

from ritorno.consents import service
from ritorno.consents.errors import EvidenceNotFound, EvidenceUnreadable
from ritorno.consents.rules import EvidenceKind
from ritorno.consents.schemas import EvidenceFileRead
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, file_answer, make_router, problem_responses
from ritorno.kit.problems import Invalid, TooLarge

router = make_router(tag="consents")

Reader = Annotated[Actor, Depends(require("consents:read"))]
Writer = Annotated[Actor, Depends(require("consents:write"))]


@router.post(
    "/evidence",
    status_code=201,
    responses=problem_responses(EvidenceUnreadable, TooLarge, Invalid, NotSignedIn, Forbidden),
)
async def upload_evidence(
    session: WriteSession,
    settings: AppSettings,
    actor: Writer,
    response: Response,
    file: Annotated[UploadFile, File(description="A PDF, or a PNG, JPEG or WebP picture; its name does not matter.")],
    kind: Annotated[EvidenceKind, Form()] = EvidenceKind.SCAN,
) -> EvidenceFileRead:
    """Keep a scan or a signature; name the hash in the answer as the evidence of a consent."""
    kept = await service.keep_evidence(session, settings, await file.read(), kind=kind, actor=actor)
    response.headers["Location"] = f"/v1/evidence/{kept.sha256}"
    return EvidenceFileRead.model_validate(kept)


@router.get(
    "/evidence/{sha256}",
    response_class=Response,
    responses=problem_responses(EvidenceNotFound, NotSignedIn, Forbidden) | file_answer("The file as it was kept."),
)
async def download_evidence(
    session: WriteSession,
    settings: AppSettings,
    actor: Reader,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Fetch a file of evidence. That somebody read it is recorded (S-16), which is why this read may write."""
    kept, content = await service.read_evidence(session, settings, sha256, actor=actor)
    name = f"evidence-{sha256[:12]}{service.SUFFIXES[kept.media_type]}"
    return Response(
        content, media_type=kept.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
