// Uses the C# client against the service. Its test tells the gateway in between what to do with requests.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Leaderboard;

static class Use
{
    static void Is(bool fine, string what)
    {
        if (!fine) throw new Exception("not so: " + what);
    }

    static int Main(string[] args)
    {
        Run(args[0], args[1], args[2], args[3]).GetAwaiter().GetResult();
        return 0;
    }

    static async Task Run(string work, string address, string nowhere, string queue)
    {
        using (var client = new LeaderboardClient(address, queue: queue))
        {
            if (work == "calls") await Calls(client, address);
            if (work == "retry") Is((await client.Submit("7", 500)).Contains("\"duplicate\":true"), "counted once");
            if (work == "patience") await Fails(client.Submit("7", 500), "rate_limited");
            if (work == "queue")
            {
                var offline = new LeaderboardClient(nowhere, queue: queue, patience: 0);
                offline.SubmitLater("7", 1);
                offline.SubmitLater("steam:\"1\"", 2, key: "match-2");
                offline.SubmitLater("7", -1);
                var flushed = await offline.Flush();
                Is(flushed.Sent == 0 && flushed.Left == 3 && flushed.Error.Status == 0, "offline");
            }
            if (work == "flush")
            {
                var refused = new List<string>();
                var flushed = await client.Flush((score, error) => refused.Add(error.Code));
                Is(flushed.Sent == 2 && flushed.Left == 0 && flushed.Error == null, "all sent");
                Is(refused.Single() == "score_out_of_bounds" && flushed.Refused.Count == 1, "the other refused");
            }
            if (work == "stream") await Streamed(client);
        }
    }

    static async Task<string> Ticket(string address)
    {
        using (var http = new HttpClient())
        {
            var body = new StringContent("{\"user_id\": 7}", Encoding.UTF8, "application/json");
            var answer = await http.PostAsync(address + "/api/leaderboard/plays", body);
            var text = await answer.Content.ReadAsStringAsync();
            return Regex.Match(text, "\"ticket\":\"(\\w+)").Groups[1].Value;
        }
    }

    static async Task Calls(LeaderboardClient client, string address)
    {
        var first = await client.Submit("7", 500, fields: "\"username\": \"ada\"");
        Is(first.Contains("\"total_score\":500") && first.Contains("\"username\":\"ada\""), first);
        await client.Submit("steam:1/ü?", 900, key: "match-1");
        Is((await client.Submit("steam:1/ü?", 900, key: "match-1")).Contains("\"duplicate\":true"), "once");
        var items = new[]
        {
            "{\"user_id\": 8, \"score\": 1, \"idempotency_key\": \"b-1\"}", "{\"user_id\": 9, \"score\": -1}",
        };
        var outcomes = await client.SubmitBatch(items);
        Is(outcomes.Contains("\"accepted\"") && outcomes.Contains("\"rejected\""), outcomes);
        Is((await client.Top(1)).Contains("\"total_score\":900"), "top");
        Is((await client.Rank("steam:1/ü?")).Contains("\"rank\":1"), "rank");
        Is((await client.Around("7", 1)).Contains("\"user_id\":8"), "around");
        Is((await client.Ranks(new[] { "7", "8", "steam:1/ü?" })).Contains("\"rank_among\":3"), "ranks");
        Is((await client.Seasons("cup")).Contains("\"running\""), "seasons");
        Is((await client.Get("/threshold?place=1")).Contains("900"), "any other");
        var ticket = "\"ticket\": \"" + await Ticket(address) + "\"";
        for (var i = 0; i < 2; i++)
            Is((await client.Submit("7", 5, fields: ticket)).Contains("\"total_score\":505"), "a ticket counts once");
        await Fails(client.Rank("99"), "unknown_player");
        await Fails(client.Submit("7", -1), "score_out_of_bounds");
    }

    static async Task Streamed(LeaderboardClient client)
    {
        var states = new List<string>();
        var submitting = new List<Task>();
        using (var stop = new CancellationTokenSource())
        {
            var stream = client.Stream(
                state =>
                {
                    states.Add(state);
                    if (state.Contains("\"total_score\":11")) stop.Cancel();
                    else submitting.Add(client.Submit("7", states.Count == 1 ? 1 : 10));
                },
                stop.Token);
            try
            {
                await stream;
            }
            catch (OperationCanceledException)
            {
            }
        }
        Is(states.Count >= 3, string.Join("\n", states));
    }

    static async Task Fails(Task call, string code)
    {
        try
        {
            await call;
        }
        catch (LeaderboardException error)
        {
            Is(error.Code == code, error.Code + " is " + code);
            return;
        }
        throw new Exception("no " + code);
    }
}
