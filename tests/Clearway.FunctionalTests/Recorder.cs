using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>What an organizer's browser does to record, with media that a real MediaRecorder wrote.</summary>
internal static class Recorder
{
    /// <summary>The media as a file.</summary>
    public static readonly string MediaPath = Path.Combine(AppContext.BaseDirectory, "media-recorder.webm");

    /// <summary>The media.</summary>
    public static readonly byte[] Media = File.ReadAllBytes(MediaPath);

    /// <summary>Records, uploads in two halves and seals; answers what sealing answered.</summary>
    public static async Task<JsonNode> RecordAsync(HttpClient client, GatewaySocket organizer)
    {
        var id = await StartAsync(organizer);
        using var created = await SendAsync(client, HttpMethod.Post, "/api/v1/records", content: null, headers =>
        {
            headers.Add("Upload-Defer-Length", "1");
            headers.Add("Upload-Metadata", $"recording_id {ToBase64(id)},title {ToBase64("Stand-up")}");
        });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        var cut = Media.Length / 2;
        await AppendAsync(client, id, offset: 0, Media[..cut]);
        await AppendAsync(client, id, offset: cut, Media[cut..]);

        await organizer.SendAsync(new { type = "control_frame", command = "STOP_RECORD" });
        await organizer.ReceiveAsync("record_stopped");
        return await SealAsync(client, id);
    }

    /// <summary>Orders a recording and answers its id.</summary>
    public static async Task<string> StartAsync(GatewaySocket organizer)
    {
        await organizer.SendAsync(new { type = "control_frame", command = "START_RECORD" });
        return (await organizer.ReceiveAsync("record_started"))["recording_id"]!.GetValue<string>();
    }

    /// <summary>Seals a recording; answers what sealing answered.</summary>
    public static async Task<JsonNode> SealAsync(HttpClient client, string id)
    {
        using var closed = await client.PostAsJsonAsync($"/api/v1/records/{id}/seal", new { });
        closed.EnsureSuccessStatusCode();
        return (await closed.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task AppendAsync(HttpClient client, string id, int offset, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var response = await SendAsync(
            client,
            HttpMethod.Patch,
            $"/api/v1/records/{id}",
            content,
            headers => headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal((offset + bytes.Length).ToString(CultureInfo.InvariantCulture), response.Headers.GetValues("Upload-Offset").Single());
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, HttpContent? content, Action<HttpRequestHeaders> headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        headers(request.Headers);
        return await client.SendAsync(request);
    }

    private static string ToBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
