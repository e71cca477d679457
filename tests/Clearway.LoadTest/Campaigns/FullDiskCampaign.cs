using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Clearway.TestServers;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// A recording is uploaded until the blob server's disk is full, and goes on when there is room again: the refusal has a code, what was
/// acknowledged stays, other recordings stay readable, and nothing half done is in the list. Needs Linux, and root for a disk of its own.
/// </summary>
internal static class FullDiskCampaign
{
    private const int MiB = 1 << 20;
    private const int PieceBytes = 4 * MiB;

    /// <summary>How it is run; the size of the disk in MiB.</summary>
    internal sealed record Plan(int Seed, int Disk, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            report.Line("  only root can make a small disk");
            report.Expect(false, "not run as root");
            return;
        }

        using var folder = new TemporaryFolder("full-disk");
        await ServerProcess.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={plan.Disk}m", "tmpfs", folder.Path]);
        try
        {
            await using var servers = await RecordingServers.StartAsync(folder.Path);
            await FillAsync(plan, servers, folder.Path, report);
        }
        finally
        {
            await ServerProcess.RunAsync("umount", ["--lazy", folder.Path]);
        }
    }

    private static async Task FillAsync(Plan plan, RecordingServers servers, string disk, Report report)
    {
        var random = new Random(plan.Seed);
        var token = servers.Tokens.Token(RoomTokens.Room("full", 0), 0, "organizer");
        using var http = new HttpClient { BaseAddress = servers.Edge };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var media = SyntheticWebm.Bytes(plan.Seed, PieceBytes);
        using var first = await RecordingUploader.CreateAsync(servers.Edge, token, random);
        await first.AppendAsync(0, new ByteArrayContent(media), default);
        using var answer = await http.PostAsync(new Uri($"/api/v1/records/{first.Id}/seal", UriKind.Relative), null);
        var link = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["link"]!.GetValue<string>();
        var digest = await DigestAsync(http, link);

        using var second = await RecordingUploader.CreateAsync(servers.Edge, token, random);
        var acknowledged = 0L;
        while (await AppendAsync(second, plan.Seed, acknowledged) is { } offset)
        {
            acknowledged = offset;
        }

        var there = await second.OffsetAsync(default);
        report.Line($"  full after   {Report.Number(acknowledged)} bytes acknowledged, {Report.Number(there ?? -1)} there; refused with {second.Refusal}");
        report.Expect(second.Refusal == "507 storage_full", "the refusal does not say that the disk is full");
        report.Expect(there == acknowledged, "the upload does not stand where it was acknowledged");
        report.Expect(await DigestAsync(http, link) == digest, "the sealed recording is not what it was");
        var list = await http.GetFromJsonAsync<JsonNode>(new Uri("/api/v1/records", UriKind.Relative));
        var states = list!["recordings"]!.AsArray().Select(one => $"{one!["state"]} {one["size_bytes"]}").ToList();
        report.Line($"  in the list  {string.Join(", ", states)}");
        report.Expect(states.Contains($"recording {acknowledged}") && states.Count == 2, "the list shows something half done");

        var room = plan.HasPlantedFault ? plan.Disk : plan.Disk * 2;
        await ServerProcess.RunAsync("mount", ["-o", $"remount,size={room}m", disk]);
        var more = await AppendAsync(second, plan.Seed, acknowledged);
        report.Line($"  more room    {Report.Number(more ?? -1)} bytes acknowledged");
        report.Expect(more == acknowledged + PieceBytes, "the upload did not go on when there was room again");
    }

    private static Task<long?> AppendAsync(RecordingUploader uploader, int seed, long offset) =>
        uploader.AppendAsync(offset, new ByteArrayContent(SyntheticMedia.Bytes(seed, offset, PieceBytes)), default);

    private static async Task<string> DigestAsync(HttpClient http, string link)
    {
        await using var file = await http.GetStreamAsync(new Uri(link, UriKind.Relative));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}
