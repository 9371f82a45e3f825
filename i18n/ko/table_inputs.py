"""What is said of files of candles that cannot be read, in Korean, by the English sentence."""

from __future__ import annotations

TABLE_INPUTS = {
    "{path}: is {packing}, which holds no recording that can be read here; save it as CSV": (
        "{path}: {packing}은(는) 여기서 읽는 과거 시세가 아닙니다. CSV로 저장하세요"
    ),
    "{path}: is an Excel workbook; save it as CSV (UTF-8)": "{path}: 엑셀 통합 문서입니다."
    " CSV(UTF-8)로 저장하세요",
    "{path}: holds {count} files, not one; unpack it and name them one by one": "{path}: 파일이"
    " 하나가 아니라 {count}개 들어 있습니다. 풀어서 하나씩 적으세요",
    "{path}: cannot be unpacked ({error}); unpack it yourself": "{path}: 압축을 풀 수 없습니다"
    "({error}). 직접 풀어 주세요",
    "{path}: is packed more than {count} times; unpack it yourself": "{path}: {count}번 넘게 겹쳐"
    " 압축되어 있습니다. 직접 풀어 주세요",
    "{path}, line {line}: has the names of columns once more; take that line out": (
        "{path}, {line}번째 줄: 열 이름이 다시 나옵니다. 그 줄을 지우세요"
    ),
    "{path}: is empty; fetch or make it again": "{path}: 빈 파일입니다. 다시 받거나 만드세요",
    "{path}: is a web page and no recording; fetch the file itself": "{path}: 과거 시세가 아니라"
    " 웹 페이지입니다. 파일 자체를 받으세요",
    "{path}, {place}: is no JSON: {error}; fetch it again": "{path}, {place}: JSON이 아닙니다:"
    " {error}. 다시 받으세요",
    "{path}: is nested too deeply; allowed: {allowed}": "{path}: 너무 깊이 겹쳐 있습니다. 허용:"
    " {allowed}",
    "{path}: is a JSON {json}; allowed: {allowed}": "{path}: JSON {json}입니다. 허용: {allowed}",
    "{path}: is a refusal of Upbit ({name}) and no candles; fetch again": "{path}: 캔들이 아니라"
    " 업비트의 거절 응답입니다({name}). 다시 받으세요",
    "{path}, row {line}: has {count} fields, not {wanted}": "{path}, {line}번째 행: 칸이"
    " {wanted}개가 아니라 {count}개입니다",
    "{path}, row {line}, {column}: {problem}": "{path}, {line}번째 행, {column}: {problem}",
    "{path}, {place} 1: has no column 'market', and its name tells none; call the file {file}": (
        "{path}({place} 1): 'market' 열이 없고 파일 이름에도 마켓이 없습니다. 파일 이름을"
        " {file}처럼 지으세요"
    ),
    "{path}, {place} 1: has no column 'unit', and neither its name nor its times tell one of"
    " {units}; call the file {file}": "{path}({place} 1): 'unit' 열이 없고 이름으로도 시각으로도"
    " 캔들 길이({units})를 알 수 없습니다. 파일 이름을 {file}처럼 지으세요",
    "{path}: is {packing}, which takes pyarrow; {way}": "{path}: {packing}을(를) 읽으려면"
    " pyarrow가 필요합니다. {way}",
    "{text} says no time zone; name the column timestamp_utc or timestamp_kst": "{text}에 시간대가"
    " 없습니다. 열 이름을 timestamp_utc나 timestamp_kst로 하세요",
    "{text} is no time like {example}": "{text}은(는) {example} 같은 시각이 아닙니다",
    "{text} is no whole second": "{text}은(는) 정수 초가 아닙니다",
}
