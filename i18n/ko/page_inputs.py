"""What is said of bad input to the dashboard, in Korean, by the English sentence that says it."""

from __future__ import annotations

PAGE_INPUTS = {
    "the dashboard needs {names}, which is not installed": (
        "대시보드에 필요한 {names}이(가) 없습니다"
    ),
    "the packages of requirements-all.lock": "requirements-all.lock의 패키지",
    "run `make all`, then try again": "`make all`을 실행한 뒤 다시 해 보세요",
    "make all": "make all로 설치하세요",
    '"{verb}" is no change': '"{verb}": 바꿀 수 있는 일이 아닙니다',
    "go back": "뒤로 가세요",
    "this is no form of ours": "이 대시보드의 양식이 아닙니다",
    "the page's own button": "이 페이지의 단추",
    "no page {path}": "{path} 페이지는 없습니다",
    "this dashboard only shows": "이 대시보드는 보여주기만 합니다",
    "a dashboard that was started with --allow-changes": "--allow-changes로 시작한 대시보드",
    "start it with --allow-changes, or use run.py console": (
        "--allow-changes로 시작하거나 run.py console을 쓰세요"
    ),
    "port {port} cannot be used: {problem}": "포트 {port}를 쓸 수 없습니다: {problem}",
    "a port of this machine that is free": "이 컴퓨터에서 비어 있는 포트",
    "name another --port, or end what listens there": (
        "다른 --port를 적거나 그 포트를 쓰는 것을 끝내세요"
    ),
    "remove the file: the next start draws a new one": (
        "파일을 지우세요. 다음에 시작할 때 새로 만듭니다"
    ),
    "the dashboard's token can be read by others": "대시보드 토큰을 다른 사용자가 읽을 수 있습니다",
    "the dashboard's token is too short": "대시보드 토큰이 너무 짧습니다",
    "correct the address": "주소를 고치세요",
}
