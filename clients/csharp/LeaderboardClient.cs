// A client for the leaderboard service, for Unity 2021 and later and for .NET: one file, nothing to install.
// docs/clients.md says how it behaves. Answers are JSON texts: read them with JsonUtility or the JSON library of the game.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Leaderboard
{
    /// <summary>Why a call failed.</summary>
    public class LeaderboardException : Exception
    {
        /// <summary>The status of the service's answer; 0: no answer of the service came.</summary>
        public int Status { get; }

        /// <summary>The error code, such as unknown_player; empty: no answer of the service came.</summary>
        public string Code { get; }

        /// <summary>How long the service asks to wait before the next attempt; null: it did not say.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>Whether another attempt may succeed.</summary>
        public bool CanRetry { get; }

        /// <summary>Whether a submission may have been recorded nevertheless. Then only the same key is safe.</summary>
        public bool MayHaveCounted => Status == 0 || Code == "" || Code == "outcome_unknown" || Code == "internal_error";

        internal LeaderboardException(int status, string code, string message, bool canRetry, TimeSpan? retryAfter)
            : base(message)
        {
            Status = status;
            Code = code;
            CanRetry = canRetry;
            RetryAfter = retryAfter;
        }
    }

    /// <summary>What a flush of the offline queue did.</summary>
    public sealed class Flushed
    {
        public int Sent;
        public int Left;

        /// <summary>The scores that left the queue without being counted, as JSON, and why.</summary>
        public List<KeyValuePair<string, LeaderboardException>> Refused =
            new List<KeyValuePair<string, LeaderboardException>>();

        /// <summary>Why it stopped before the end; null: it tried all scores.</summary>
        public LeaderboardException Error;
    }

    /// <summary>Calls a leaderboard service. One client may be used by many threads. Players are user_ids, such as "7",
    /// or external ids, such as "steam:76561198000000000".</summary>
    public sealed class LeaderboardClient : IDisposable
    {
        const int QueueLimit = 10000;
        static readonly int[] RetriedStatuses = { 408, 429, 502, 503, 504 };
        static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(6);
        static int counter;

        readonly string _base;
        readonly string _queue;
        readonly TimeSpan _patience;
        readonly TimeSpan _timeout;
        // No redirects: a score goes to the service alone, or it stays here.
        readonly HttpClient _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        readonly SemaphoreSlim _flushing = new SemaphoreSlim(1);
        readonly Random _random = new Random();

        /// <param name="url">The address of the service, such as https://scores.example.</param>
        /// <param name="key">An API key; null: none.</param>
        /// <param name="queue">The folder of the offline queue, such as one in Application.persistentDataPath.</param>
        /// <param name="patience">In seconds: after that, a call is not tried again.</param>
        /// <param name="timeout">In seconds: how long an attempt waits for an answer.</param>
        public LeaderboardClient(
            string url, string key = null, string queue = null, double patience = 30, double timeout = 10)
        {
            if (!url.StartsWith("http://") && !url.StartsWith("https://"))
                throw new ArgumentException("the address must begin with http:// or https://, not " + url);
            _base = url.TrimEnd('/') + "/api/leaderboard";
            _queue = queue;
            _patience = TimeSpan.FromSeconds(patience);
            _timeout = TimeSpan.FromSeconds(timeout);
            if (key != null) _http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        }

        /// <summary>Submits a score. When it returns, the score is on the service's disk, and counts once.</summary>
        /// <param name="key">Identifies the submission, such as the id of a match; null: a random one.</param>
        /// <param name="fields">Further fields of the body as JSON, such as "\"username\": \"ada\"".</param>
        public async Task<string> Submit(
            string player, long score, string board = null, string key = null, string fields = null)
        {
            var body = Body(player, score, null, fields);
            key = key ?? Ticket(fields) ?? NewKey();
            return Counted(await Retried(() => Attempt("POST", "/submit" + Query("board", board), body, key)));
        }

        /// <summary>Submits up to 1,000 scores, each an object as in the API, with an idempotency_key of its own: one
        /// outcome each, in order.</summary>
        public Task<string> SubmitBatch(IEnumerable<string> items, string board = null)
        {
            var body = "[" + string.Join(",", items) + "]";
            return Retried(() => Attempt("POST", "/submit/batch" + Query("board", board), body, null));
        }

        /// <summary>The best players.</summary>
        public Task<string> Top(int limit = 10, string board = null, string season = null, string split = null) =>
            Get("/top" + Query("limit", limit.ToString(), "board", board, "season", season, "split", split));

        /// <summary>A player's total, rank and percentile.</summary>
        public Task<string> Rank(string player, string board = null, string season = null, string split = null) =>
            Get("/rank/" + Escaped(player) + Query("board", board, "season", season, "split", split));

        /// <summary>A player with neighbours above and below.</summary>
        public Task<string> Around(string player, int span = 5, string board = null, string season = null) =>
            Get("/around/" + Escaped(player) + Query("span", span.ToString(), "board", board, "season", season));

        /// <summary>The ranks of up to 1,000 players, on the board and among themselves, best first.</summary>
        public Task<string> Ranks(IEnumerable<string> players, string board = null, string season = null) =>
            Get("/ranks" + Query(Named(players).Concat(new[] { "board", board, "season", season }).ToArray()));

        /// <summary>The seasons of a board, newest first, with their winners.</summary>
        public Task<string> Seasons(string board, int limit = 100) =>
            Get("/seasons" + Query("board", board, "limit", limit.ToString()));

        /// <summary>Any other read, such as Get("/threshold?place=100").</summary>
        public Task<string> Get(string pathAndQuery) => Retried(() => Attempt("GET", pathAndQuery, null, null));

        /// <summary>Calls `onState` with the state of a board now, and whenever it changed, as JSON. Connects again by
        /// itself, and ends with an exception: a final error, or OperationCanceledException.</summary>
        public async Task Stream(
            Action<string> onState, CancellationToken stop, string board = null, string season = null, int top = 10,
            IEnumerable<string> players = null)
        {
            var named = Named(players ?? new string[0]).Concat(
                new[] { "board", board, "season", season, "top", top.ToString() });
            var path = "/stream" + Query(named.ToArray());
            var events = new Events();
            var failures = 0;
            while (true)
            {
                TimeSpan wait = events.Retry;
                try
                {
                    await Follow(path, events, state => { failures = 0; onState(state); }, stop);
                }
                catch (LeaderboardException error) when (error.CanRetry)
                {
                    wait += WaitAfter(++failures, error.RetryAfter);
                }
                await Task.Delay(wait, stop);
            }
        }

        /// <summary>Stores a score in the offline queue, for `Flush`. When it returns, it is on this machine's disk.
        /// Returns the key with which it will be sent. Fails with IOException if the disk cannot take it.</summary>
        public string SubmitLater(
            string player, long score, string board = null, string key = null, string fields = null)
        {
            Directory.CreateDirectory(Folder());
            if (Files().Length >= QueueLimit)
                throw new InvalidOperationException("the queue holds " + QueueLimit + " scores: flush it");
            key = key ?? Ticket(fields) ?? NewKey();
            var milliseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var name = string.Format(
                "{0}-{1:D6}-{2}.json", milliseconds, Interlocked.Increment(ref counter), Digest(key).Substring(0, 16));
            new Queued
            {
                Path = Path.Combine(Folder(), name), Key = key, Query = Query("board", board), Player = player,
                Untimed = Body(player, score, null, fields), Timed = Body(player, score, Now(), fields),
                SentAt = "",
            }.Write();
            return key;
        }

        /// <summary>How many scores wait in the offline queue.</summary>
        public int QueuedCount => Files().Length;

        /// <summary>Sends what waits, oldest first. Fails if an error is no fault of the scores, such as a wrong key:
        /// they all stay then.</summary>
        /// <param name="onRefused">Called before a score leaves the queue without being counted.</param>
        public async Task<Flushed> Flush(Action<string, LeaderboardException> onRefused = null)
        {
            await _flushing.WaitAsync();
            try
            {
                var flushed = new Flushed();
                var waiting = new HashSet<string>();
                foreach (var path in Files())
                {
                    var score = Queued.Read(path);
                    if (score == null || waiting.Contains(score.Player)) continue;
                    try
                    {
                        await Send(score);
                        flushed.Sent++;
                    }
                    catch (LeaderboardException error)
                    {
                        if (IsRefused(error))
                        {
                            flushed.Refused.Add(new KeyValuePair<string, LeaderboardException>(score.Timed, error));
                            if (onRefused != null) onRefused(score.Timed, error);
                            File.Delete(path);
                        }
                        else if (error.CanRetry || error.Code == "")
                        {
                            flushed.Error = error;
                            break;
                        }
                        else if (error.Code == "too_many_submissions") waiting.Add(score.Player);
                        else if (error.Status != 500) throw;
                    }
                }
                flushed.Left = QueuedCount;
                return flushed;
            }
            finally
            {
                _flushing.Release();
            }
        }

        public void Dispose() => _http.Dispose();

        // --- the queue ------------------------------------------------------------------------------------------

        async Task Send(Queued score)
        {
            if (score.SentAt != "" && DateTime.UtcNow - Moment(score.SentAt) > KeyLifetime)
                throw new LeaderboardException(
                    503, "outcome_too_old", "an attempt days ago has no answer: sent again, the score could count twice",
                    false, null);
            try
            {
                await Retried(() => SendOnce(score));
            }
            catch (LeaderboardException error) when (error.Code == "invalid_played_at" && score.Timed != score.Untimed)
            {
                score.Timed = score.Untimed; // this device's clock is wrong: the score counts now
                score.Write();
                await Retried(() => SendOnce(score));
            }
            File.Delete(score.Path);
        }

        async Task<string> SendOnce(Queued score)
        {
            var wasSent = score.SentAt != "";
            if (!wasSent)
            {
                score.SentAt = Now();
                score.Write();
            }
            try
            {
                return Counted(await Attempt("POST", "/submit" + score.Query, score.Timed, score.Key));
            }
            catch (LeaderboardException error)
            {
                if (!wasSent && !error.MayHaveCounted)
                {
                    score.SentAt = "";
                    score.Write();
                }
                throw;
            }
        }

        static bool IsRefused(LeaderboardException error) =>
            error.Code == "outcome_too_old" ||
            (error.Code != "" && error.Code != "not_found" && error.Code != "too_many_submissions" &&
             new[] { 400, 404, 409, 413, 422 }.Contains(error.Status));

        string Folder()
        {
            if (_queue == null) throw new InvalidOperationException("there is no offline queue: give the client a folder");
            return _queue;
        }

        string[] Files()
        {
            if (!Directory.Exists(Folder())) return new string[0];
            return Directory.GetFiles(_queue, "*.json").OrderBy(path => path, StringComparer.Ordinal).ToArray();
        }

        /// <summary>A score in the queue: a file with a JSON array of six texts.</summary>
        sealed class Queued
        {
            public string Path, Key, Query, Player, Timed, Untimed, SentAt;

            public void Write()
            {
                var temporary = Path + "." + Guid.NewGuid().ToString("N") + ".tmp";
                var lines = new[] { Key, Query, Player, Timed, Untimed, SentAt }.Select(Json);
                var bytes = Encoding.UTF8.GetBytes("[" + string.Join(",\n", lines) + "]\n");
                using (var file = new FileStream(temporary, FileMode.Create))
                {
                    file.Write(bytes, 0, bytes.Length);
                    file.Flush(true);
                }
                if (File.Exists(Path)) File.Replace(temporary, Path, null);
                else File.Move(temporary, Path);
            }

            /// <summary>Null: another process sent it, or it cannot be read and is put aside.</summary>
            public static Queued Read(string path)
            {
                try
                {
                    var texts = Strings(File.ReadAllText(path));
                    if (texts.Count == 6)
                        return new Queued
                        {
                            Path = path, Key = texts[0], Query = texts[1], Player = texts[2], Timed = texts[3],
                            Untimed = texts[4], SentAt = texts[5],
                        };
                    File.Move(path, System.IO.Path.ChangeExtension(path, ".unreadable"));
                }
                catch (FileNotFoundException)
                {
                }
                return null;
            }
        }

        // --- requests -------------------------------------------------------------------------------------------

        async Task<string> Attempt(string method, string pathAndQuery, string body, string key)
        {
            using (var stop = new CancellationTokenSource(_timeout))
            using (var request = new HttpRequestMessage(new HttpMethod(method), _base + pathAndQuery))
            {
                if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                if (key != null) request.Headers.Add("Idempotency-Key", key);
                try
                {
                    using (var response = await _http.SendAsync(request, stop.Token))
                        return Read(response, await response.Content.ReadAsStringAsync());
                }
                catch (Exception error) when (error is HttpRequestException || error is OperationCanceledException ||
                                              error is IOException)
                {
                    throw new LeaderboardException(0, "", "no answer from " + _base + ": " + error.Message, true, null);
                }
            }
        }

        async Task<T> Retried<T>(Func<Task<T>> attempt)
        {
            var started = DateTime.UtcNow;
            for (var attempts = 1; ; attempts++)
            {
                TimeSpan wait;
                try
                {
                    return await attempt();
                }
                catch (LeaderboardException error)
                {
                    wait = WaitAfter(attempts, error.RetryAfter);
                    if (!error.CanRetry || DateTime.UtcNow - started + wait > _patience) throw;
                }
                await Task.Delay(wait);
            }
        }

        TimeSpan WaitAfter(int attempts, TimeSpan? retryAfter)
        {
            var longest = Math.Min(10, 0.25 * Math.Pow(2, Math.Min(attempts, 16)));
            lock (_random) return (retryAfter ?? TimeSpan.Zero) + TimeSpan.FromSeconds(_random.NextDouble() * longest);
        }

        static string Read(HttpResponseMessage response, string text)
        {
            var status = (int)response.StatusCode;
            var after = response.Headers.RetryAfter;
            var wait = after == null ? null : after.Delta ?? after.Date - DateTimeOffset.UtcNow;
            if (wait < TimeSpan.Zero) wait = TimeSpan.Zero;
            var type = response.Content.Headers.ContentType;
            var isJson = type != null && type.MediaType == "application/json";
            if (isJson && status / 100 == 2) return text;
            var error = isJson ? Regex.Match(text, "\"error\"\\s*:\\s*\\{\\s*\"code\"\\s*:\\s*\"(\\w+)\"") : Match.Empty;
            var canRetry = RetriedStatuses.Contains(status);
            if (!error.Success)
                throw new LeaderboardException(
                    status, "", "got " + status + " that is no answer of the leaderboard service: check the address",
                    canRetry, wait);
            throw new LeaderboardException(status, error.Groups[1].Value, text, canRetry, wait);
        }

        static string Counted(string answer)
        {
            if (!answer.Contains("\"total_score\""))
                throw new LeaderboardException(200, "", "got JSON that is no answer of the leaderboard service", false, null);
            return answer;
        }

        // --- streams --------------------------------------------------------------------------------------------

        sealed class Events
        {
            public string LastId = "";
            public TimeSpan Retry = TimeSpan.FromSeconds(2);
        }

        async Task Follow(string path, Events events, Action<string> onState, CancellationToken stop)
        {
            // The service sends a comment every 15 s. After 45 s of silence the connection is dead.
            using (var silence = CancellationTokenSource.CreateLinkedTokenSource(stop))
            using (var request = new HttpRequestMessage(HttpMethod.Get, _base + path))
            {
                silence.CancelAfter(TimeSpan.FromSeconds(45));
                if (events.LastId != "") request.Headers.Add("Last-Event-ID", events.LastId);
                try
                {
                    using (var response = await _http.SendAsync(
                        request, HttpCompletionOption.ResponseHeadersRead, silence.Token))
                    {
                        var type = response.Content.Headers.ContentType;
                        if (type == null || type.MediaType != "text/event-stream")
                            Read(response, await response.Content.ReadAsStringAsync());
                        using (silence.Token.Register(response.Dispose))
                        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
                        {
                            string line, name = "", data = "", id = events.LastId;
                            while ((line = await reader.ReadLineAsync()) != null)
                            {
                                silence.CancelAfter(TimeSpan.FromSeconds(45));
                                int milliseconds;
                                if (line.StartsWith("event:")) name = line.Substring(6).Trim();
                                else if (line.StartsWith("data:")) data += line.Substring(5).Trim();
                                else if (line.StartsWith("id:")) id = line.Substring(3).Trim();
                                else if (line.StartsWith("retry:") && int.TryParse(line.Substring(6), out milliseconds))
                                    events.Retry = TimeSpan.FromMilliseconds(milliseconds);
                                else if (line == "")
                                {
                                    events.LastId = id; // not before: an event that is cut off has not been seen
                                    if (name == "standings") onState(data);
                                    if (name == "error") throw StreamError(data);
                                    name = data = "";
                                }
                            }
                        }
                    }
                }
                catch (Exception error) when (!(error is LeaderboardException))
                {
                    stop.ThrowIfCancellationRequested();
                    if (!(error is HttpRequestException || error is OperationCanceledException || error is IOException ||
                          error is ObjectDisposedException)) throw;
                    throw new LeaderboardException(0, "", "the stream broke: " + error.Message, true, null);
                }
            }
        }

        static LeaderboardException StreamError(string data)
        {
            var code = Regex.Match(data, "\"code\"\\s*:\\s*\"(\\w+)\"").Groups[1].Value;
            var passes = new[]
            {
                "rate_limited", "too_many_streams", "database_unavailable", "database_timeout", "transaction_conflict",
                "overloaded", "board_filling",
            }.Contains(code);
            return new LeaderboardException(passes ? 503 : 400, code, data, passes, null);
        }

        // --- texts ----------------------------------------------------------------------------------------------

        static string NewKey()
        {
            var bytes = new byte[16];
            using (var random = RandomNumberGenerator.Create()) random.GetBytes(bytes);
            return string.Concat(bytes.Select(one => one.ToString("x2")));
        }

        /// <summary>The play ticket among the fields, which takes the place of a key; null: there is none.</summary>
        static string Ticket(string fields)
        {
            var found = Regex.Match(fields ?? "", "\"ticket\"\\s*:\\s*\"(\\w+)\"");
            return found.Success ? found.Groups[1].Value : null;
        }

        static string Digest(string text)
        {
            using (var hash = SHA256.Create())
                return string.Concat(hash.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(one => one.ToString("x2")));
        }

        static string Now() =>
            DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        static DateTime Moment(string text) => DateTime.Parse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

        static bool IsUserId(string player)
        {
            int number;
            return Regex.IsMatch(player, "^[1-9][0-9]*$") && int.TryParse(player, out number);
        }

        static string Body(string player, long score, string playedAt, string fields)
        {
            var named = IsUserId(player) ? "\"user_id\": " + player : "\"player\": " + Json(player);
            var body = "{" + named + ", \"score\": " + score.ToString(CultureInfo.InvariantCulture);
            // A time that the game gives takes the place of the client's.
            if (playedAt != null && (fields == null || !fields.Contains("\"played_at\"")))
                body += ", \"played_at\": " + Json(playedAt);
            return body + (string.IsNullOrEmpty(fields) ? "}" : ", " + fields + "}");
        }

        static IEnumerable<string> Named(IEnumerable<string> players)
        {
            var all = players.ToList();
            var ids = string.Join(",", all.Where(IsUserId));
            yield return "user_ids";
            yield return ids == "" ? null : ids;
            foreach (var player in all.Where(player => !IsUserId(player)))
            {
                yield return "player";
                yield return player;
            }
        }

        static string Query(params string[] namesAndValues)
        {
            var parts = new List<string>();
            for (var i = 0; i < namesAndValues.Length; i += 2)
                if (namesAndValues[i + 1] != null) parts.Add(namesAndValues[i] + "=" + Escaped(namesAndValues[i + 1]));
            return parts.Count == 0 ? "" : "?" + string.Join("&", parts);
        }

        static string Escaped(string text) => Uri.EscapeDataString(text);

        static string Json(string text)
        {
            var json = new StringBuilder("\"");
            foreach (var one in text)
                if (one == '"' || one == '\\') json.Append('\\').Append(one);
                else if (one < ' ') json.AppendFormat("\\u{0:x4}", (int)one);
                else json.Append(one);
            return json.Append('"').ToString();
        }

        /// <summary>The texts of a JSON array of texts, as Json writes them.</summary>
        static List<string> Strings(string json)
        {
            var found = new List<string>();
            if (!json.TrimEnd().EndsWith("]")) return found;
            foreach (Match match in Regex.Matches(json, "\"((?:[^\"\\\\]|\\\\.)*)\"", RegexOptions.Singleline))
                found.Add(Regex.Replace(
                    match.Groups[1].Value, "\\\\(u([0-9a-f]{4})|.)",
                    part => part.Groups[2].Success
                        ? ((char)Convert.ToInt32(part.Groups[2].Value, 16)).ToString()
                        : part.Groups[1].Value));
            return found;
        }
    }
}
