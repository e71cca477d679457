using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Uploads one recording while the parts on its way are killed with -9 at random moments, and the client's own connection is cut. What was
/// acknowledged must be there after each cut; in the end the bytes found must be those that were sent.
/// </summary>
internal static class RecordingsCampaign
{
    private const int MaxPieceBytes = 1 << 20;

    private static readonly TimeSpan _longestDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Cuts, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        var random = new Random(plan.Seed);
        await using var servers = await RecordingServers.StartAsync();
        using var uploader = await RecordingUploader.CreateAsync(
            servers.Edge, servers.Tokens.Token(RoomTokens.Room("recs", 0), 0, "organizer"), random);
        using var source = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blob = new BlobServiceClient(servers.Blobs).GetBlobContainerClient("recordings").GetBlockBlobClient($"{uploader.Id}/media.webm");
        var (acknowledged, highest) = (0L, 0L);
        var byPart = new Dictionary<RecordingPart, int>();
        for (var cut = 0; cut < plan.Cuts; cut++)
        {
            // A few pieces undisturbed, so that there is something to lose.
            for (var undisturbed = random.Next(1, 4); undisturbed > 0; undisturbed--)
            {
                acknowledged = await SendAsync(uploader, plan.Seed, acknowledged, random.Next(1, MaxPieceBytes), default) ?? acknowledged;
            }

            highest = Math.Max(highest, acknowledged);
            var part = random.GetItems(Enum.GetValues<RecordingPart>(), 1)[0];
            byPart[part] = byPart.GetValueOrDefault(part) + 1;
            using var connection = new CancellationTokenSource();
            var sending = SendAsync(uploader, plan.Seed, acknowledged, random.Next(MaxPieceBytes / 2, 2 * MaxPieceBytes), connection.Token);
            await Task.Delay(_longestDelay * random.NextDouble());
            if (part == RecordingPart.Client)
            {
                await connection.CancelAsync();
                highest = Math.Max(highest, await sending ?? 0);
            }
            else
            {
                await servers.KillAsync(part);
                highest = Math.Max(highest, await sending ?? 0);
                await servers.StartAsync(part);
            }

            if (plan.HasPlantedFault && cut == plan.Cuts / 2)
            {
                await ForgetAsync(blob, highest);
            }

            var found = await uploader.SettledOffsetAsync();
            report.Expect(found >= highest, $"cut {cut} ({part}): {Report.Number(highest)} bytes were acknowledged, {Report.Number(found)} are there");
            acknowledged = highest = found;
        }

        var stored = (await blob.DownloadContentAsync()).Value.Content.ToMemory();
        Append(source, plan.Seed, acknowledged);
        var (sent, there) = (Convert.ToHexStringLower(source.GetHashAndReset()), Convert.ToHexStringLower(SHA256.HashData(stored.Span)));
        report.Line($"  cuts         {plan.Cuts}: {string.Join(", ", byPart.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"))}");
        report.Line($"  acknowledged {Report.Number(acknowledged)} bytes, SHA-256 {sent}");
        report.Line($"  found        {Report.Number(stored.Length)} bytes, SHA-256 {there}");
        report.Expect(stored.Length == acknowledged, "the bytes found are not as many as were acknowledged");
        report.Expect(sent == there, "the bytes found are not those that were sent");
        report.Expect(acknowledged > plan.Cuts * 1000L, "the upload did not go on");
    }

    private static Task<long?> SendAsync(RecordingUploader uploader, int seed, long offset, int length, CancellationToken cancellationToken) =>
        uploader.AppendAsync(offset, new ByteArrayContent(SyntheticMedia.Bytes(seed, offset, length)), cancellationToken);

    private static void Append(IncrementalHash hash, int seed, long length)
    {
        for (var offset = 0L; offset < length; offset += MaxPieceBytes)
        {
            hash.AppendData(SyntheticMedia.Bytes(seed, offset, (int)Math.Min(MaxPieceBytes, length - offset)));
        }
    }

    /// <summary>The fault: a store that has no more all that it acknowledged.</summary>
    private static async Task ForgetAsync(BlockBlobClient blob, long acknowledged)
    {
        var metadata = (await blob.GetPropertiesAsync()).Value.Metadata;
        var blocks = (await blob.GetBlockListAsync(BlockListTypes.Committed)).Value.CommittedBlocks.ToList();
        while (blocks.Sum(block => block.SizeLong) >= acknowledged)
        {
            blocks.RemoveAt(blocks.Count - 1);
        }

        await blob.CommitBlockListAsync(blocks.Select(block => block.Name), new CommitBlockListOptions { Metadata = metadata });
    }
}
