class_name LeaderboardQueue
extends RefCounted
## Scores that wait to be sent: one JSON file a score, in a folder that survives a restart.
##
## A file is written under another name and renamed, so a kill at any moment leaves a whole score or
## none. Godot offers no fsync: a loss of power can lose the scores of the last seconds.

const CAPACITY := 10_000

var _folder: String
var _counter := 0


func _init(folder: String) -> void:
	_folder = folder
	DirAccess.make_dir_recursive_absolute(folder)


## Stores a score. OK, ERR_OUT_OF_MEMORY when the queue is full, or the error of the file.
func add(entry: Dictionary) -> Error:
	if names().size() >= CAPACITY:
		return ERR_OUT_OF_MEMORY
	_counter += 1
	var now := int(Time.get_unix_time_from_system() * 1000)
	var digest: String = str(entry["key"]).sha256_text().left(16)
	return write("%d-%06d-%s.json" % [now, _counter, digest], entry)


## The names of the scores, oldest first.
func names() -> PackedStringArray:
	var found := PackedStringArray()
	for name in DirAccess.get_files_at(_folder):
		if name.ends_with(".json"):
			found.append(name)
	found.sort()
	return found


## The score; null if the file is not one: then it is renamed to *.unreadable.
func read(name: String) -> Variant:
	var json := JSON.new()
	if json.parse(FileAccess.get_file_as_string(_path(name))) == OK and json.data is Dictionary:
		if json.data.has("key") and json.data.get("score") is Dictionary:
			return json.data
	DirAccess.rename_absolute(_path(name), _path(name.trim_suffix(".json") + ".unreadable"))
	push_warning("leaderboard: %s is not a score" % _path(name))
	return null


func write(name: String, entry: Dictionary) -> Error:
	var temporary := _path(name) + ".tmp"
	var file := FileAccess.open(temporary, FileAccess.WRITE)
	if file == null:
		return FileAccess.get_open_error()
	file.store_string(JSON.stringify(entry))
	file.flush()
	var error := file.get_error()
	file.close()
	if error != OK:
		return error
	return DirAccess.rename_absolute(temporary, _path(name))


func remove(name: String) -> void:
	DirAccess.remove_absolute(_path(name))


func _path(name: String) -> String:
	return _folder.path_join(name)
