using System.Net;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>A recording's way from START_RECORD to the link in the chat, and what its file answers to ranges.</summary>
[Collection(nameof(AppCollection))]
public sealed class RecordingTests(AppFixture fixture) : IDisposable
{
    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Recording_FromStartToLink_ReachesEveryoneAndServesRanges()
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var (guest, _) = await GatewaySocket.JoinAsync(fixture.App, (await fixture.InviteAsync(room, "Grace")).Token);
        await using var __ = guest;

        var sealedRecording = await Recorder.RecordAsync(room.Client, organizer);
        await organizer.SendAsync(new
        {
            type = "chat",
            system_data = sealedRecording["system_data"]!.GetValue<string>(),
            security = sealedRecording["security"]!.GetValue<string>(),
        });

        var announced = await guest.ReceiveAsync("chat_broadcast");
        var link = announced["system"]!["link"]!.GetValue<string>();
        var size = sealedRecording["size_bytes"]!.GetValue<long>();
        await AssertRangeAsync(link, "bytes=0-99", HttpStatusCode.PartialContent, $"bytes 0-99/{size}", 100);
        await AssertRangeAsync(link, "bytes=-7", HttpStatusCode.PartialContent, $"bytes {size - 7}-{size - 1}/{size}", 7);
        await AssertRangeAsync(link, $"bytes={size - 5}-", HttpStatusCode.PartialContent, $"bytes {size - 5}-{size - 1}/{size}", 5);
        await AssertRangeAsync(link, null, HttpStatusCode.OK, null, size);
        await AssertRangeAsync(link, $"bytes={size}-", HttpStatusCode.RequestedRangeNotSatisfiable, $"bytes */{size}", null);
    }

    [Fact]
    public async Task Link_ToAnotherRecording_IsRefused()
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var first = await Recorder.RecordAsync(room.Client, organizer);
        var second = await Recorder.RecordAsync(room.Client, organizer);
        var forged = first["link"]!.GetValue<string>().Replace(
            first["recording_id"]!.GetValue<string>(), second["recording_id"]!.GetValue<string>(), StringComparison.Ordinal);

        using var client = fixture.App.CreateClient();
        using var response = await client.GetAsync(new Uri(forged, UriKind.Relative));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private async Task AssertRangeAsync(string link, string? range, HttpStatusCode status, string? contentRange, long? length)
    {
        using var client = fixture.App.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
        if (length is not null)
        {
            Assert.Equal(length, body.Length);
        }
    }
}
