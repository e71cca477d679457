using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Clearway.TestServers;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Downloads beside nginx over the same file: what each answers to a table of ranges (RFC 9110), how fast, and at what memory.</summary>
internal static class RangesCampaign
{
    private const int MiB = 1024 * 1024;

    /// <summary>What a player asks for while it plays, and what it looks at while somebody seeks.</summary>
    private const int LargeBytes = 4 * MiB;
    private const int SmallBytes = 64 * 1024;

    private const int AtOnce = 8;
    private const long MostGrownBytes = 64 * MiB;

    /// <summary>Rounds in which the compilers settle and the pieces are fetched.</summary>
    private const int WarmingRounds = 4;

    /// <summary>Requests for ranges, and whether nginx answers otherwise on purpose: to what is malformed, with 416; to HEAD, with a part.</summary>
    private static readonly (string Method, string Range, bool Differs)[] _table =
    [
        ("GET", "", false), ("GET", "bytes=0-0", false), ("GET", "bytes=0-99", false), ("GET", "bytes=100-", false), ("GET", "bytes=-1", false),
        ("GET", "bytes=-100", false), ("GET", "bytes=-999999999", false), ("GET", "bytes=0-999999999", false), ("GET", "bytes=999999999-", false),
        ("GET", "bytes=-0", false), ("GET", "bytes=0-0,5-6", false), ("GET", "bytes=-2,0-1", false), ("GET", "bytes=0-1,999999999-", false),
        ("GET", "bytes=99999998-,999999999-", false), ("GET", "bytes=0-,0-,0-", false), ("GET", "bytes=5-2", true), ("GET", "bytes=a-b", true),
        ("GET", "bytes=", false), ("GET", "bytes", false), ("GET", "items=0-5", false), ("HEAD", "", false), ("HEAD", "bytes=0-9", true),
    ];

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Rounds, int Size, int Requests, int Parallel, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        using var folder = new TemporaryFolder("ranges");
        await using var servers = await RecordingServers.StartAsync();
        var link = await SealedAsync(servers, new Random(plan.Seed), SyntheticWebm.Bytes(plan.Seed, plan.Size * MiB));
        using var http = new HttpClient();
        var file = await http.GetByteArrayAsync(link);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "file.webm"), file);
        await using var nginx = await NginxServer.StartAsync(folder.Path);
        if (nginx is null)
        {
            report.Line("  nginx is not on this machine: nothing to compare with");
            report.Expect(false, "nginx is missing");
            return;
        }

        var theirs = new Uri($"http://127.0.0.1:{nginx.Port}/file.webm");
        report.Line($"a file of {Report.Number(file.Length)} bytes: request, Clearway, nginx");
        foreach (var (method, range, differs) in _table)
        {
            var (our, their) = (await AskAsync(http, link, method, range), await AskAsync(http, theirs, method, range));
            var isSame = our == their && !plan.HasPlantedFault;
            report.Line($"  {method,-4} {range,-26} {our,-60} {(isSame ? "same" : their)}");
            report.Expect(isSame != differs, $"{method} {range}: the answers are {(isSame ? "the same" : "different")}, which was not expected");
        }

        await RatesAsync(plan, LargeBytes, plan.Requests, servers, link, theirs, file.Length, report);
        await RatesAsync(plan, SmallBytes, plan.Requests * 4, servers, link, theirs, file.Length, report);
        await MemoryAsync(plan, servers, link, file.Length, report);
    }

    private static async Task RatesAsync(
        Plan plan, int rangeBytes, int requests, RecordingServers servers, Uri ours, Uri theirs, int size, Report report)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = plan.Parallel });
        var rates = new Dictionary<Uri, List<double>> { [ours] = [], [theirs] = [] };
        var cost = (Edge: TimeSpan.Zero, Storage: TimeSpan.Zero);
        for (var round = -WarmingRounds; round < plan.Rounds; round++)
        {
            if (round == 0)
            {
                cost = (servers.Proxy.ProcessorTime, servers.Storage.ProcessorTime);
            }

            foreach (var (address, runs) in rates)
            {
                var watch = Stopwatch.StartNew();
                await ReadAsync(http, address, requests, AtOnce, rangeBytes, size);
                if (round >= 0)
                {
                    runs.Add(requests * (double)rangeBytes / watch.Elapsed.TotalSeconds / MiB);
                }
            }
        }

        var (our, their) = (Report.Median(rates[ours]), Report.Median(rates[theirs]));
        var mebibytes = plan.Rounds * requests * (double)rangeBytes / MiB;
        var (edge, storage) = ((servers.Proxy.ProcessorTime - cost.Edge) / mebibytes, (servers.Storage.ProcessorTime - cost.Storage) / mebibytes);
        report.Line($"{requests} ranges of {rangeBytes / 1024} KiB, {AtOnce} at once, {plan.Rounds} interleaved rounds; medians");
        report.Line($"  Clearway {our:N0} MiB/s, nginx {their:N0} MiB/s: {our / their:0.00}x; processor time of proxy and storage {edge.TotalMilliseconds:N2} + {storage.TotalMilliseconds:N2} ms/MiB");
    }

    private static async Task MemoryAsync(Plan plan, RecordingServers servers, Uri ours, int size, Report report)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = plan.Parallel });
        var before = servers.Proxy.ResidentBytes + servers.Storage.ResidentBytes;
        servers.Proxy.ForgetPeak();
        servers.Storage.ForgetPeak();
        await ReadAsync(http, ours, plan.Parallel, plan.Parallel, LargeBytes, size);
        var grown = servers.Proxy.PeakResidentBytes + servers.Storage.PeakResidentBytes - before;
        report.Line($"{plan.Parallel} ranges of {LargeBytes / 1024} KiB in parallel: {grown / MiB:N0} MiB more resident at most in proxy and storage together");
        report.Expect(grown <= MostGrownBytes, "memory grew by more than 64 MiB");
    }

    private static async Task ReadAsync(HttpClient http, Uri address, int requests, int parallel, int rangeBytes, int size)
    {
        var bytes = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel };
        await Parallel.ForAsync(0, requests, options, async (request, cancel) =>
        {
            var first = request * 7_919_777L % (size - rangeBytes);
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            message.Headers.TryAddWithoutValidation("Range", $"bytes={first}-{first + rangeBytes - 1}");
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
            for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
            {
                Interlocked.Add(ref bytes, read);
            }

            ArrayPool<byte>.Shared.Return(buffer);
        });
        if (bytes != requests * (long)rangeBytes)
        {
            throw new InvalidOperationException($"{address.Host}: {bytes} bytes came.");
        }
    }

    /// <summary>Status, range, length and content type, without what is random in them.</summary>
    private static async Task<string> AskAsync(HttpClient http, Uri address, string method, string range)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (range.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        using var answer = await http.SendAsync(request);
        var (body, headers) = (await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers);
        var isFile = answer.IsSuccessStatusCode;
        var parts = headers.ContentType?.MediaType == "multipart/byteranges";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)answer.StatusCode} {(isFile ? headers.ContentType?.MediaType : "")} {headers.ContentRange} {(isFile && !parts ? method == "HEAD" ? headers.ContentLength : body.Length : 0)}");
    }

    private static async Task<Uri> SealedAsync(RecordingServers servers, Random random, byte[] media)
    {
        var token = servers.Tokens.Token(RoomTokens.Room("rang", 0), 0, "organizer");
        using var uploader = await RecordingUploader.CreateAsync(servers.Edge, token, random);
        using var content = new ByteArrayContent(media);
        await uploader.AppendAsync(0, content, default);
        using var http = new HttpClient { BaseAddress = servers.Edge };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await http.PostAsync(new Uri($"/api/v1/records/{uploader.Id}/seal", UriKind.Relative), null);
        var recording = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return new Uri(servers.Edge, recording!["link"]!.GetValue<string>());
    }
}
