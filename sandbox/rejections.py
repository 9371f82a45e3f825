"""Owns how a request is refused: Upbit's status, error name and text.

Names and texts: docs/reference/upbit.md 1.6, 3.10 and 4.6.
"""

from __future__ import annotations

from core.orders.rejections import AUTHENTICATION

STATUS = {
    "order_not_found": 404,
    "currency_not_found": 404,
    "pocket_not_found": 404,
    "withdraw_not_found": 404,
    "coin_address_not_found": 404,
    "out_of_scope": 401,
    "open_api_withdraw_locked": 403,
    "market_offline": 403,
    "too_many_requests": 429,
    "internal_server_error": 500,
}
TEXTS = {
    "order_not_found": "주문을 찾지 못했습니다.",
    "duplicated_identifier": "이미 등록된 identifier입니다.",
    "invalid_parameter": "잘못된 파라미터",
    "invalid_post_only": "post_only는 smp_type과 함께 사용할 수 없습니다.",
    "bad_request": "잘못된 요청입니다.",
    "QUERY_PARAMETER_NOT_SUPPORTED": "Parameters of a DELETE belong in the query string.",
    "invalid_query_payload": "Failed to verify the query of Jwt.",
    "jwt_verification": "Failed to verify Jwt token.",
    "expired_access_key": "This key has expired.",
    "nonce_used": "This nonce has already been used.",
    "no_authorization_ip": "This is not a verified IP.",
    "no_authorization_token": "The authorization token is missing.",
    "invalid_access_key": "잘못된 엑세스 키입니다.",
    "out_of_scope": "권한이 부족합니다.",
    "market_offline": "시스템 점검 중입니다. 잠시 후 다시 시도해 주세요.",
    "too_many_requests": "Too many API requests.",
    "internal_server_error": "Internal server error.",
    "currency_not_found": "화폐를 찾지 못했습니다.",
    "coin_address_not_found": "입금 주소를 찾지 못했습니다.",
    "pocket_not_found": "포켓을 찾지 못했습니다.",
}
UNAUTHORIZED = AUTHENTICATION | {"nonce_used", "invalid_access_key"}


class Rejected(Exception):
    """The answer is this error."""

    def __init__(self, name: str, text: str = "", status: int = 0) -> None:
        super().__init__(name)
        self.name, self.text = name, text or TEXTS.get(name, "")
        self.status = status or STATUS.get(name) or (401 if name in UNAUTHORIZED else 400)

    def body(self) -> dict[str, dict[str, str]]:
        """As the exchange endpoints wrap it."""
        return {"error": {"name": self.name, "message": self.text}}
