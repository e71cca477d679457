using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Clearway.Storage.V1;

namespace Clearway.Proxy.Tests;

/// <summary>Parts of requests that upload a recording by tus.</summary>
internal static class TusRequest
{
    internal const string Root = "/api/v1/records";

    internal const string Path = Root + "/" + StorageDouble.Id;

    internal static async Task<Edge> StartWithRecordingAsync()
    {
        var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed([], state: RecordingState.Recording);
        return edge;
    }

    internal static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    internal static ByteArrayContent Piece(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };

    internal static void Version(HttpRequestHeaders headers) => headers.Add("Tus-Resumable", "1.0.0");

    internal static string Metadata(string title) => $"recording_id {ToBase64(StorageDouble.Id)},title {ToBase64(title)}";

    internal static Action<HttpRequestHeaders> Creation() => headers =>
    {
        Version(headers);
        headers.Add("Upload-Defer-Length", "1");
        headers.Add("Upload-Metadata", Metadata("Weekly"));
    };

    internal static Action<HttpRequestHeaders> Offset(long offset) => headers =>
    {
        Version(headers);
        headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
    };

    private static string ToBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
