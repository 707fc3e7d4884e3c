class_name LeaderboardStream
extends Node
## Follows GET /stream (Server-Sent Events) and connects again when it breaks.

signal changed(state: Dictionary)
signal ended(answer: LeaderboardAnswer)

## The service sends something every 15 s.
const SILENT_SECONDS := 45.0
## Errors of a stream after which it is worth coming back.
const PASSING := [
	"too_many_streams",
	"rate_limited",
	"database_unavailable",
	"database_timeout",
	"overloaded",
	"board_filling",
]

var address := ""
var path := ""
var headers := PackedStringArray()

var _http := HTTPClient.new()
var _last_event_id := ""
var _retry_seconds := 2.0
var _failures := 0
var _wait := 0.0
var _silent := 0.0
var _is_connecting := false
var _is_requested := false
## Bytes of a line that is not complete yet: a character may be cut in two.
var _rest := PackedByteArray()
var _event := {}


func _process(delta: float) -> void:
	if _wait > 0.0:
		_wait -= delta
		return
	_silent += delta
	if _silent > SILENT_SECONDS:
		_break()
		return
	_step()


func _exit_tree() -> void:
	_http.close()


func _step() -> void:
	if not _is_connecting:
		_connect()
		return
	_http.poll()
	match _http.get_status():
		HTTPClient.STATUS_RESOLVING, HTTPClient.STATUS_CONNECTING, HTTPClient.STATUS_REQUESTING:
			pass
		HTTPClient.STATUS_CONNECTED:
			if _is_requested:
				_finish()
			else:
				_request()
		HTTPClient.STATUS_BODY:
			_read()
		_:
			_finish()


func _connect() -> void:
	var url := address.trim_suffix("/")
	var is_tls := url.begins_with("https://")
	var host := url.get_slice("://", 1)
	var port := 443 if is_tls else 80
	var colon := host.rfind(":")
	if colon > host.rfind("]"):
		port = host.substr(colon + 1).to_int()
		host = host.left(colon)
	_is_connecting = true
	if _http.connect_to_host(host, port, TLSOptions.client() if is_tls else null) != OK:
		_break()


func _request() -> void:
	var given := headers.duplicate()
	given.append("Accept: text/event-stream")
	if _last_event_id != "":
		given.append("Last-Event-ID: " + _last_event_id)
	_is_requested = true
	if _http.request(HTTPClient.METHOD_GET, path, given) != OK:
		_break()


func _read() -> void:
	var chunk := _http.read_response_body_chunk()
	if not chunk.is_empty():
		_silent = 0.0
		_rest.append_array(chunk)
	if _http.get_response_code() != 200:
		return  # an error: it is read whole, until the status is CONNECTED again
	var end := _rest.find(10)
	while end >= 0:
		_line(_rest.slice(0, end).get_string_from_utf8().trim_suffix("\r"))
		if not _is_connecting:
			return
		_rest = _rest.slice(end + 1)
		end = _rest.find(10)


func _line(line: String) -> void:
	if line == "":
		_dispatch()
		return
	var name := line.get_slice(":", 0)
	var value := line.substr(name.length() + 1).trim_prefix(" ")
	if name == "retry" and value.is_valid_int():
		_retry_seconds = value.to_int() / 1000.0
	elif name != "":
		_event[name] = value


## An event counts with the blank line after it: only then is its id taken over.
func _dispatch() -> void:
	var event := _event
	_event = {}
	if event.has("id"):
		_last_event_id = event["id"]
	if not event.has("data"):
		return
	var data: Variant = JSON.parse_string(event["data"])
	if event.get("event") == "error":
		_fail(200, data)
	elif data is Dictionary:
		_failures = 0
		changed.emit(data)


## The response is over, or there is none: an error, or a stream that ended.
func _finish() -> void:
	var status := _http.get_response_code() if _is_requested else 0
	if status in [0, 200]:
		_break()
	else:
		_fail(status, JSON.parse_string(_rest.get_string_from_utf8()))


func _fail(status: int, data: Variant) -> void:
	var answer := LeaderboardAnswer.new()
	answer.status = status
	if data is Dictionary and data.get("error") is Dictionary:
		answer.code = str(data["error"].get("code", ""))
		answer.message = str(data["error"].get("message", ""))
	var is_passing := answer.code in PASSING
	if is_passing or answer.code == "" or answer.may_be_tried_again():
		_break()
		return
	_close()
	set_process(false)
	ended.emit(answer)


func _break() -> void:
	_close()
	_wait = _retry_seconds + (LeaderboardClient.backoff(_failures) if _failures > 0 else 0.0)
	_failures += 1


func _close() -> void:
	_http.close()
	_is_connecting = false
	_is_requested = false
	_silent = 0.0
	_rest.clear()
	_event = {}
