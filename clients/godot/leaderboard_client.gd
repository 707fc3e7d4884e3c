class_name LeaderboardClient
extends Node
## A client of the leaderboard service for Godot 4.3: add it to the scene, then await its calls.
##
## A player is an int (user_id) or a String (external id) everywhere. Calls return a
## LeaderboardAnswer; see docs/clients.md for retries, the offline queue and streams.

## A queued score was refused for good, or its outcome stayed unknown for too long.
signal score_refused(score: Dictionary, answer: LeaderboardAnswer)
## A state of the board that `stream` follows: {board, season?, ends_at?, top, players}.
signal standings_changed(state: Dictionary)
## The stream ended for good: the board is gone, or the key is not valid.
signal stream_ended(answer: LeaderboardAnswer)

const API := "/api/leaderboard"
## The service keeps keys for 7 days.
const KEY_LIFETIME_SECONDS := 6 * 86_400
const LONGEST_WAIT_SECONDS := 10.0
## Refusals that another attempt would not change.
const FINAL := [400, 404, 409, 413, 422]

## Such as "https://scores.example".
@export var address := "http://127.0.0.1:8000"
## An API key, if the service needs one. Players can read it in the game: give it the scope `play`.
@export var api_key := ""
@export var queue_folder := "user://scores"
## Seconds until an attempt is given up, and until a call is.
@export var timeout := 10.0
@export var patience := 30.0

var _queue: LeaderboardQueue
var _is_flushing := false
var _stream: LeaderboardStream

# --- submissions ---------------------------------------------------------------------------------


## Submits a score. `fields` may have username, game_mode, metadata, ticket, idempotency_key;
## `query` board and include. All attempts have the same key, so the score counts once.
func submit(player: Variant, score: int, fields := {}, query := {}) -> LeaderboardAnswer:
	var body := _submission(player, score, fields)
	return await _call(HTTPClient.METHOD_POST, "/submit", query, body, _take_key(body))


## Submits up to 1,000 scores: [{user_id or player, score, ...}]. One outcome an item, in order.
func submit_batch(items: Array, query := {}) -> LeaderboardAnswer:
	var keyed := []
	for item: Dictionary in items:
		var copy := item.duplicate()
		if not copy.has("ticket") and not copy.has("idempotency_key"):
			copy["idempotency_key"] = new_key()
		keyed.append(copy)
	return await _call(HTTPClient.METHOD_POST, "/submit/batch", query, keyed)


## Stores a score on disk, also without a network. Returns its key; "" if it could not be stored.
func submit_later(player: Variant, score: int, fields := {}, query := {}) -> String:
	var body := _submission(player, score, fields)
	var key := str(body["ticket"]) if body.has("ticket") else _take_key(body)
	var stamped := not body.has("played_at")
	if stamped:
		body["played_at"] = _now()
	var entry := {"key": key, "score": body, "query": query, "stamped": stamped, "sent_at": null}
	var error := _scores().add(entry)
	if error != OK:
		push_error("leaderboard: the score could not be stored: %s" % error_string(error))
		return ""
	return key


## Sends what is stored, oldest first. Returns how many scores are left.
func flush() -> int:
	if not _is_flushing:
		_is_flushing = true
		var waiting := {}
		for name in _scores().names():
			if not await _send(name, waiting):
				break
		_is_flushing = false
	return _scores().names().size()


## A one-time ticket for a play. Submit with {"ticket": ...}.
func start_play(player: Variant, fields := {}) -> LeaderboardAnswer:
	var body := _who(player)
	body.merge(fields)
	return await _call(HTTPClient.METHOD_POST, "/plays", {}, body)


# --- reads ---------------------------------------------------------------------------------------


## Any read: await client.fetch("/threshold", {"place": 100}).
func fetch(path: String, query := {}) -> LeaderboardAnswer:
	return await _call(HTTPClient.METHOD_GET, path, query)


## The best players. `query` may have board, season, split, include, after, place, from and to.
func top(limit := 10, query := {}) -> LeaderboardAnswer:
	return await fetch("/top", {"limit": limit}.merged(query))


func rank(player: Variant, query := {}) -> LeaderboardAnswer:
	return await fetch("/rank/" + _in_path(player), query)


func around(player: Variant, span := 5, query := {}) -> LeaderboardAnswer:
	return await fetch("/around/" + _in_path(player), {"span": span}.merged(query))


## The ranks of players, best first, also among each other.
func ranks(players: Array, query := {}) -> LeaderboardAnswer:
	return await fetch("/ranks", _of_players(players).merged(query))


func seasons(board: String, query := {}) -> LeaderboardAnswer:
	return await fetch("/seasons", {"board": board}.merged(query))


## A point a day of a player's rank and total.
func history(player: Variant, query := {}) -> LeaderboardAnswer:
	return await fetch("/players/%s/history" % _in_path(player), query)


# --- stream --------------------------------------------------------------------------------------


## Emits standings_changed whenever the board changed, until stop_stream.
func stream(limit := 10, players := [], query := {}) -> void:
	stop_stream()
	_stream = LeaderboardStream.new()
	_stream.address = address
	_stream.headers = _headers()
	var shown := {"top": limit}.merged(_of_players(players)).merged(query)
	_stream.path = API + "/stream" + _encoded(shown)
	_stream.changed.connect(func(state: Dictionary) -> void: standings_changed.emit(state))
	_stream.ended.connect(func(answer: LeaderboardAnswer) -> void: stream_ended.emit(answer))
	add_child(_stream)


func stop_stream() -> void:
	if _stream != null:
		_stream.queue_free()
		_stream = null


# --- calls ---------------------------------------------------------------------------------------


## 128 random bits.
static func new_key() -> String:
	return Crypto.new().generate_random_bytes(16).hex_encode()


## Random, so that clients which failed together come back apart.
static func backoff(attempt: int) -> float:
	return randf() * minf(LONGEST_WAIT_SECONDS, 0.25 * pow(2, attempt))


func _call(
	method: HTTPClient.Method, path: String, query := {}, body: Variant = null, key := ""
) -> LeaderboardAnswer:
	var began := Time.get_ticks_msec()
	var attempt := 0
	var may_have_counted := false
	while true:
		var answer := await _attempt(method, path, query, body, key)
		may_have_counted = may_have_counted or answer.may_have_counted
		answer.may_have_counted = may_have_counted and not answer.is_ok()
		attempt += 1
		var wait := answer.retry_after + backoff(attempt)
		var spent := (Time.get_ticks_msec() - began) / 1000.0
		if not answer.may_be_tried_again() or spent + wait > patience:
			return answer
		await get_tree().create_timer(wait).timeout
	return null


func _attempt(
	method: HTTPClient.Method, path: String, query: Dictionary, body: Variant, key: String
) -> LeaderboardAnswer:
	var http := HTTPRequest.new()
	http.timeout = timeout
	# A score must not go on to another address.
	http.max_redirects = 0
	add_child(http)
	var headers := _headers()
	if key != "":
		headers.append("Idempotency-Key: " + key)
	var text := ""
	if body != null:
		headers.append("Content-Type: application/json")
		text = JSON.stringify(body)
	var error := http.request(address + API + path + _encoded(query), headers, method, text)
	var answer: LeaderboardAnswer
	if error == OK:
		answer = LeaderboardAnswer.of(await http.request_completed)
	else:
		answer = LeaderboardAnswer.failure("unreachable", error_string(error))
	http.queue_free()
	return answer


## Sends a stored score. False if the later ones have to wait, too.
func _send(name: String, waiting: Dictionary) -> bool:
	var entry: Variant = _scores().read(name)
	if entry == null:
		return true
	var score: Dictionary = entry["score"]
	var who := str(score.get("user_id", score.get("player")))
	if waiting.has(who):
		return true
	if entry.get("sent_at") != null and _is_too_old(entry["sent_at"]):
		var why := LeaderboardAnswer.failure(
			"outcome_unknown", "it may have been counted, and its key is too old to ask"
		)
		_refuse(name, score, why)
		return true
	var was_sent: bool = entry.get("sent_at") != null
	if not was_sent:
		entry["sent_at"] = _now()
		if _scores().write(name, entry) != OK:
			return false
	var key := "" if score.has("ticket") else str(entry["key"])
	var answer := await _call(HTTPClient.METHOD_POST, "/submit", entry.get("query", {}), score, key)
	if not was_sent and not answer.may_have_counted and not answer.is_ok():
		entry["sent_at"] = null
		_scores().write(name, entry)
	return _settle(name, entry, who, answer, waiting)


func _settle(
	name: String, entry: Dictionary, who: String, answer: LeaderboardAnswer, waiting: Dictionary
) -> bool:
	if answer.is_ok():
		_scores().remove(name)
	elif answer.code == "too_many_submissions":
		waiting[who] = true
	elif answer.code == "invalid_played_at" and entry.get("stamped", false):
		# The device's clock is wrong: the next flush sends the score without a time.
		entry["score"].erase("played_at")
		_scores().write(name, entry)
	elif answer.status in FINAL:
		_refuse(name, entry["score"], answer)
	else:
		# A 500 may be of this score alone. Anything else concerns all of them.
		return answer.status == 500
	return true


func _refuse(name: String, score: Dictionary, answer: LeaderboardAnswer) -> void:
	_scores().remove(name)
	score_refused.emit(score, answer)


# --- parts of calls ------------------------------------------------------------------------------


func _scores() -> LeaderboardQueue:
	if _queue == null:
		_queue = LeaderboardQueue.new(queue_folder)
	return _queue


func _headers() -> PackedStringArray:
	var headers := PackedStringArray(["Accept: application/json"])
	if api_key != "":
		headers.append("Authorization: Bearer " + api_key)
	return headers


func _submission(player: Variant, score: int, fields: Dictionary) -> Dictionary:
	var body := _who(player)
	body["score"] = score
	body.merge(fields)
	return body


## The key of a submission, which goes into a header. A ticket takes its place.
func _take_key(body: Dictionary) -> String:
	if body.has("ticket"):
		return ""
	var key := str(body.get("idempotency_key", new_key()))
	body.erase("idempotency_key")
	return key


func _who(player: Variant) -> Dictionary:
	return {"user_id": player} if player is int else {"player": str(player)}


func _in_path(player: Variant) -> String:
	return str(player).uri_encode()


func _of_players(players: Array) -> Dictionary:
	var numbers := PackedStringArray()
	var texts := []
	for player: Variant in players:
		if player is int:
			numbers.append(str(player))
		else:
			texts.append(str(player))
	var query := {}
	if not numbers.is_empty():
		query["user_ids"] = ",".join(numbers)
	if not texts.is_empty():
		query["player"] = texts
	return query


## A query string; an Array is a parameter that is given several times.
func _encoded(query: Dictionary) -> String:
	var parts := PackedStringArray()
	for name: String in query:
		var value: Variant = query[name]
		for one: Variant in value if value is Array else [value]:
			parts.append(name.uri_encode() + "=" + str(one).uri_encode())
	return "" if parts.is_empty() else "?" + "&".join(parts)


func _now() -> String:
	var now := Time.get_unix_time_from_system()
	var text := Time.get_datetime_string_from_unix_time(int(now))
	return "%s.%03dZ" % [text, int((now - floorf(now)) * 1000)]


func _is_too_old(sent_at: String) -> bool:
	var sent := Time.get_unix_time_from_datetime_string(sent_at.left(19))
	return Time.get_unix_time_from_system() - sent > KEY_LIFETIME_SECONDS
