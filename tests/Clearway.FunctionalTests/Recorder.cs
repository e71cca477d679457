using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>What an organizer's browser does to record, with media that a real MediaRecorder wrote.</summary>
internal static class Recorder
{
    private static readonly byte[] _media = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "media-recorder.webm"));

    /// <summary>Records, uploads in two halves and seals; answers what sealing answered.</summary>
    public static async Task<JsonNode> RecordAsync(HttpClient client, GatewaySocket organizer)
    {
        await organizer.SendAsync(new { type = "control_frame", command = "START_RECORD" });
        var id = (await organizer.ReceiveAsync("record_started"))["recording_id"]!.GetValue<string>();
        using var created = await client.PostAsJsonAsync($"/api/v1/records/{id}", new { title = "Stand-up" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        var cut = _media.Length / 2;
        await AppendAsync(client, id, offset: 0, _media[..cut]);
        await AppendAsync(client, id, offset: cut, _media[cut..]);

        await organizer.SendAsync(new { type = "control_frame", command = "STOP_RECORD" });
        await organizer.ReceiveAsync("record_stopped");
        using var closed = await client.PostAsJsonAsync($"/api/v1/records/{id}/seal", new { });
        closed.EnsureSuccessStatusCode();
        return (await closed.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task AppendAsync(HttpClient client, string id, int offset, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/records/{id}") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal((offset + bytes.Length).ToString(CultureInfo.InvariantCulture), response.Headers.GetValues("Upload-Offset").Single());
    }
}
