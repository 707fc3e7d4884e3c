class_name LeaderboardAnswer
extends RefCounted
## What came of a call: the service's answer, or why there is none.

## The HTTP status; 0 if no answer came, -1 if it was not the service's, such as a hotel's page.
var status := 0
## The JSON of a 200: a Dictionary or an Array. Numbers of JSON are floats in Godot.
var data: Variant = null
## The service's error code, such as "score_out_of_bounds", or "unreachable" without an answer.
var code := ""
## What went wrong and what to do.
var message := ""
## Seconds after which the service asks to try again; 0 if it did not say.
var retry_after := 0.0
## Whether a submission may have been counted although no answer says so.
var may_have_counted := false


func is_ok() -> bool:
	return status == 200


## Whether the same call may succeed later: no answer, or one that asks for another attempt.
func may_be_tried_again() -> bool:
	return status in [0, 408, 429, 502, 503, 504]


## Reads what HTTPRequest.request_completed gives.
static func of(response: Array) -> LeaderboardAnswer:
	var result: int = response[0]
	var headers: PackedStringArray = response[2]
	var body: PackedByteArray = response[3]
	var answer := LeaderboardAnswer.new()
	if result != HTTPRequest.RESULT_SUCCESS:
		var not_sent := [HTTPRequest.RESULT_CANT_CONNECT, HTTPRequest.RESULT_CANT_RESOLVE]
		answer.code = "unreachable"
		answer.message = "no answer came (HTTPRequest result %d)" % result
		answer.may_have_counted = result not in not_sent
		return answer
	answer.status = response[1]
	answer.retry_after = _retry_after(headers)
	answer._read(body.get_string_from_utf8())
	return answer


## An answer for what never reached the service.
static func failure(failure_code: String, text: String) -> LeaderboardAnswer:
	var answer := LeaderboardAnswer.new()
	answer.code = failure_code
	answer.message = text
	return answer


func _read(text: String) -> void:
	var json := JSON.new()
	var is_json := json.parse(text) == OK
	if is_ok() and is_json:
		data = json.data
	elif is_json and json.data is Dictionary and json.data.get("error") is Dictionary:
		code = str(json.data["error"].get("code", ""))
		message = str(json.data["error"].get("message", ""))
		may_have_counted = code == "outcome_unknown"
	else:
		# The page of a proxy or of a hotel's Wi-Fi is no answer of the service, whatever its status.
		message = "the answer with status %d is not the service's" % status
		code = "unreachable"
		may_have_counted = true
		if not may_be_tried_again():
			status = -1


static func _retry_after(headers: PackedStringArray) -> float:
	for header in headers:
		if header.to_lower().begins_with("retry-after:"):
			var value := header.get_slice(":", 1).strip_edges()
			# A date instead of seconds, which only proxies send, is taken as one second.
			return maxf(0.0, value.to_float()) if value.is_valid_float() else 1.0
	return 0.0
