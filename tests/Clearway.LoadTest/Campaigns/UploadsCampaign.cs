using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Clearway.TestServers;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// How fast uploads are: through proxy and storage to a blob server, beside @tus/server with its file store and a plain Kestrel POST to a
/// file; and whether memory stays flat over a long one. Bytes are written in chunks of 64 KiB.
/// </summary>
internal static class UploadsCampaign
{
    private const double MiB = 1024 * 1024;
    private const string TusServer = "@tus/server";
    private const string Limit = "Kestrel POST to a file";

    /// <summary>What one request carries in the long upload.</summary>
    private const long PieceBytes = 64 << 20;

    /// <summary>Growth of resident memory that is taken for flat.</summary>
    private const long FlatBytes = 32 << 20;

    /// <summary>How it is run; sizes in MiB.</summary>
    internal sealed record Plan(int Seed, int Rounds, int Size, int Long, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        var random = new Random(plan.Seed);
        await using var servers = await RecordingServers.StartAsync();
        using var files = new TemporaryFolder("uploads");
        await using var tus = (await Peers.TusAsync(null, files.Path))!;
        await using var post = (await Peers.FilePostAsync(null, Path.Combine(files.Path, "post")))!;
        var bytes = plan.Size * (long)MiB;
        var contenders = new Dictionary<string, Func<Task>>
        {
            [Contender.Clearway] = () => ClearwayAsync(servers, random, bytes),
            [TusServer] = () => TusAsync(tus.Port, bytes),
            [Limit] = () => PostAsync(post.Port, bytes),
        };
        var rates = contenders.Keys.ToDictionary(name => name, _ => new List<double>());
        foreach (var upload in contenders.Values)
        {
            await upload();
        }

        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var (name, upload) in contenders)
            {
                var watch = Stopwatch.StartNew();
                await upload();
                rates[name].Add(plan.Size / watch.Elapsed.TotalSeconds);
            }
        }

        report.Line($"uploads of {plan.Size} MiB in one request, {plan.Rounds} interleaved rounds, nothing bound to a core");
        foreach (var (name, runs) in rates)
        {
            report.Line($"  {name,-34} median {Report.Median(runs):N0} MiB/s, {string.Join(" ", runs.Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture)))}");
        }

        report.Line($"  to @tus/server {Report.Median(rates[Contender.Clearway]) / Report.Median(rates[TusServer]):0.00}x, "
            + $"to the POST {Report.Median(rates[Contender.Clearway]) / Report.Median(rates[Limit]):0.00}x");
        await LongAsync(plan, servers, random, report);
    }

    private static async Task LongAsync(Plan plan, RecordingServers servers, Random random, Report report)
    {
        using var uploader = await RecordingUploader.CreateAsync(
            servers.Edge, servers.Tokens.Token(RoomTokens.Room("uplo", 1), 1, "organizer"), random);
        var total = plan.Long * (long)MiB;
        var (firstProxy, firstStorage, mostProxy, mostStorage) = (0L, 0L, 0L, 0L);
        for (var offset = 0L; offset < total;)
        {
            var piece = Math.Min(PieceBytes, total - offset);
            offset = await uploader.AppendAsync(offset, new SyntheticContent(offset, piece), default)
                ?? throw new InvalidOperationException($"The upload was refused at {offset}.");
            var (proxy, storage) = (servers.Proxy.ResidentBytes, servers.Storage.ResidentBytes);
            (mostProxy, mostStorage) = (Math.Max(mostProxy, proxy), Math.Max(mostStorage, storage));

            // The first eighth warms up: the buffers are taken then that are used to the end.
            if (offset <= total / 8)
            {
                (firstProxy, firstStorage) = (mostProxy, mostStorage);
            }
        }

        report.Line($"one upload of {plan.Long} MiB in requests of 64 MiB: resident at most, after the first eighth and after all");
        report.Line($"  proxy   {firstProxy / MiB:N0} MiB, {mostProxy / MiB:N0} MiB");
        report.Line($"  storage {firstStorage / MiB:N0} MiB, {mostStorage / MiB:N0} MiB");
        report.Expect(mostProxy - firstProxy < FlatBytes, "the proxy's memory grew");
        report.Expect(mostStorage - firstStorage < FlatBytes, "storage's memory grew");
        report.Expect(!plan.HasPlantedFault || await uploader.OffsetAsync(default) == total + 1, "a byte more was expected than was sent");
    }

    private static async Task ClearwayAsync(RecordingServers servers, Random random, long bytes)
    {
        using var uploader = await RecordingUploader.CreateAsync(
            servers.Edge, servers.Tokens.Token(RoomTokens.Room("uplo", 0), 0, "organizer"), random);
        if (await uploader.AppendAsync(0, new SyntheticContent(0, bytes), default) != bytes)
        {
            throw new InvalidOperationException("Clearway did not take the upload.");
        }
    }

    private static async Task TusAsync(int port, long bytes)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0");
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/files");
        creation.Headers.Add("Upload-Length", bytes.ToString(CultureInfo.InvariantCulture));
        using var created = await http.SendAsync(creation);
        using var patch = new HttpRequestMessage(HttpMethod.Patch, created.Headers.Location) { Content = new SyntheticContent(0, bytes) };
        patch.Headers.Add("Upload-Offset", "0");
        patch.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await http.SendAsync(patch);
        Must(answer.StatusCode == HttpStatusCode.NoContent, TusServer);
    }

    private static async Task PostAsync(int port, long bytes)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        using var body = new SyntheticContent(0, bytes);
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/"), body);
        Must(answer.IsSuccessStatusCode, Limit);
    }

    private static void Must(bool holds, string name)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{name} did not take the upload.");
        }
    }
}
