using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>The protocol's own client, tus-js-client, unmodified, against proxy, storage and blob store.</summary>
[Collection(nameof(AppCollection))]
public sealed class TusClientTests(AppFixture fixture) : IDisposable
{
    private static readonly string _folder = typeof(TusClientTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "TusFolder").Value!;

    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Theory]
    [InlineData("whole")]
    [InlineData("deferred")]
    [InlineData("resume")]
    [InlineData("checksum")]
    public async Task Client_Uploads_AndTheRecordingCanBeSealed(string action)
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var id = await Recorder.StartAsync(organizer);

        var (status, seen) = await RunAsync(action, room, id);

        Assert.True(status == 0, $"status {status}: {string.Join(", ", seen)}");
        Assert.Equal("POST 201", seen[0]);
        Assert.Equal(action == "resume", seen.Contains("HEAD 200"));
        using var head = await HeadAsync(room, id);
        Assert.Equal(Recorder.Media.Length.ToString(null, null), head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(Recorder.Media.Length.ToString(null, null), head.Headers.GetValues("Upload-Length").Single());
        Assert.True(DateTimeOffset.Parse(head.Headers.GetValues("Upload-Expires").Single(), null) > DateTimeOffset.UtcNow.AddDays(1));

        var recording = await Recorder.SealAsync(room.Client, id);
        var file = await room.Client.GetByteArrayAsync(new Uri(recording["link"]!.GetValue<string>(), UriKind.Relative));
        Assert.Equal(recording["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    [Fact]
    public async Task Client_TerminatesItsUpload_AndItIsGone()
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var id = await Recorder.StartAsync(organizer);

        var (status, seen) = await RunAsync("terminate", room, id);

        Assert.True(status == 0, $"status {status}: {string.Join(", ", seen)}");
        Assert.Equal("DELETE 204", seen[^1]);
        using var head = await HeadAsync(room, id);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }

    [Fact]
    public async Task Client_WithAWrongChecksum_IsToldAndNothingIsStored()
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var id = await Recorder.StartAsync(organizer);

        var (status, _) = await RunAsync("wrongChecksum", room, id);

        Assert.Equal(460, status);
        using var head = await HeadAsync(room, id);
        Assert.Equal("0", head.Headers.GetValues("Upload-Offset").Single());
    }

    private static async Task<HttpResponseMessage> HeadAsync(OrganizedRoom room, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/records/{id}");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", room.Organizer.Token);
        return await room.Client.SendAsync(request);
    }

    private async Task<(int Status, string[] Seen)> RunAsync(string action, OrganizedRoom room, string id)
    {
        string[] arguments =
        [
            "client.mjs", action, new Uri(fixture.App.Address, "/api/v1/records").ToString(), room.Organizer.Token, id, Recorder.MediaPath,
        ];
        using var node = Process.Start(new ProcessStartInfo("node", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true })!;
        var line = await node.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        var result = JsonNode.Parse(line)!;
        return (result["status"]!.GetValue<int>(), [.. result["seen"]!.AsArray().Select(one => one!.GetValue<string>())]);
    }
}
