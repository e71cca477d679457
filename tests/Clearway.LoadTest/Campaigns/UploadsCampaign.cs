using System.Diagnostics;
using System.Globalization;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Clearway.TestServers;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// How fast uploads are: through proxy and storage to a blob server, and as gRPC messages of 64 KiB into storage, beside @tus/server with its
/// file store, the same over our blob server, and a plain Kestrel POST to a file; how fast the blob server is alone, since nothing in front of it
/// can be faster; what each costs in processor time; and whether memory stays flat over a long upload. Clients write chunks of 64 KiB.
/// </summary>
internal static class UploadsCampaign
{
    private const double MiB = 1024 * 1024;
    private const string OverGrpc = "Clearway, gRPC into storage";
    private const string BlobServer = "the blob server alone";
    private const string TusServer = "@tus/server";
    private const string TusOverBlobs = "@tus/server, same blob server";
    private const string Limit = "Kestrel POST to a file";

    /// <summary>Rounds in which the compilers settle: with one they were half of the processor time.</summary>
    private const int WarmingRounds = 4;

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
        await using var tusOverBlobs = (await Peers.TusOverBlobsAsync(null, servers.Blobs))!;
        await using var post = (await Peers.FilePostAsync(null, Path.Combine(files.Path, "post")))!;
        using var uploads = new Uploads(servers, random, plan.Size * (long)MiB);
        int[] ours = [servers.Proxy.Id, servers.Storage.Id, servers.BlobsId];
        Contestant[] contestants =
        [
            new(Contender.Clearway, uploads.ThroughTheEdgeAsync, ours),
            new(OverGrpc, uploads.OverGrpcAsync, ours[1..]),
            new(BlobServer, uploads.IntoTheBlobServerAsync, ours[2..]),
            new(TusServer, () => uploads.ToTusAsync(tus.Port, plan.Size * (long)MiB), [tus.Id]),
            new(TusOverBlobs, () => uploads.ToTusAsync(tusOverBlobs.Port, Uploads.AppendBytes), [tusOverBlobs.Id, servers.BlobsId]),
            new(Limit, () => uploads.ToTheFileAsync(post.Port), [post.Id]),
        ];

        for (var round = -WarmingRounds; round < plan.Rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                await contestant.RunAsync(plan.Size, isCounted: round >= 0);
            }
        }

        report.Line($"uploads of {plan.Size} MiB in one request, {plan.Rounds} interleaved rounds, nothing bound to a core; medians, and processor time of the servers");
        foreach (var one in contestants)
        {
            report.Line($"  {one.Name,-30} {one.Rate,6:N0} MiB/s   {one.Cost} ms/MiB   ({string.Join(" ", one.Rates.Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture)))})");
        }

        foreach (var one in contestants[..2])
        {
            var ratios = contestants[2..].Select(peer => $"{one.Rate / peer.Rate:0.00}x {peer.Name}");
            report.Line($"  {one.Name}: {string.Join(", ", ratios)}");
        }

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
            offset = await uploader.AppendAsync(offset, new SyntheticContent(offset, piece), default) ?? await uploader.SettledOffsetAsync();
            (mostProxy, mostStorage) = (servers.Proxy.PeakResidentBytes, servers.Storage.PeakResidentBytes);

            // The first eighth warms up: the buffers are taken then that are used to the end.
            if (offset <= Math.Max(PieceBytes, total / 8))
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

    /// <summary>One way to upload, the processes that it passes, and what its rounds gave.</summary>
    private sealed class Contestant(string name, Func<Task> upload, int[] processes)
    {
        private readonly double[] _milliseconds = new double[processes.Length];
        private double _size;

        internal string Name => name;

        /// <summary>MiB a second, by round.</summary>
        internal List<double> Rates { get; } = [];

        internal double Rate => Report.Median(Rates);

        /// <summary>Processor time of each process for a MiB.</summary>
        internal string Cost => string.Join(" + ", _milliseconds.Select(time => (time / _size).ToString("N1", CultureInfo.InvariantCulture)));

        internal async Task RunAsync(int size, bool isCounted)
        {
            var before = Array.ConvertAll(processes, Running.ProcessorTimeOf);
            var watch = Stopwatch.StartNew();
            await upload();
            if (!isCounted)
            {
                return;
            }

            Rates.Add(size / watch.Elapsed.TotalSeconds);
            _size += size;
            for (var i = 0; i < processes.Length; i++)
            {
                _milliseconds[i] += (Running.ProcessorTimeOf(processes[i]) - before[i]).TotalMilliseconds;
            }
        }
    }
}
