"""What goes wrong while signing in elsewhere.

    WaguError
    ├── NotFound     sign_in.unknown_provider  nobody set it up here
    ├── BadRequest   sign_in.bad_state         not what this browser began, or used, or too late
    │                sign_in.refused           the person said no at the provider
    └── Unavailable  sign_in.provider_failed   the provider does not answer, or not what it should
                     sign_in.bad_token         what it signed cannot be believed

`detail` is for the log; people get the sentence.
"""

from __future__ import annotations

from wagu.errors import BadRequest, NotFound, Unavailable


class ProviderFailed(Unavailable):
    def __init__(self, detail: str, *, code: str = "sign_in.provider_failed") -> None:
        super().__init__(code, "로그인 서비스가 제대로 답하지 않아요. 잠시 뒤에 다시 해 주세요.")
        self.detail = detail


def bad_token(detail: str) -> ProviderFailed:
    return ProviderFailed(detail, code="sign_in.bad_token")


def unknown_provider() -> NotFound:
    return NotFound("sign_in.unknown_provider", "여기서는 쓸 수 없는 로그인이에요.")


def bad_state() -> BadRequest:
    return BadRequest("sign_in.bad_state", "로그인을 처음부터 다시 해 주세요.")


def refused() -> BadRequest:
    return BadRequest("sign_in.refused", "로그인을 그만두었어요.")
