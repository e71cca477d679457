using System.Net;
using System.Net.Http.Headers;
using Clearway.TestApp;

namespace Clearway.EndToEndTests;

/// <summary>A sealed recording as a download client sees it (RFC 9110 section 14).</summary>
internal static class RecordingFile
{
    private static readonly byte[] _ebmlMagic = [0x1A, 0x45, 0xDF, 0xA3];

    /// <summary>The whole file is WebM, and a range in its middle is answered with exactly those bytes.</summary>
    public static async Task AssertServesRangesAsync(ClearwayApp app, string link)
    {
        using var client = app.CreateClient();
        var whole = await client.GetByteArrayAsync(new Uri(link, UriKind.RelativeOrAbsolute));
        Assert.Equal(_ebmlMagic, whole[..4]);

        var first = whole.Length / 3;
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new RangeHeaderValue(first, first + 999);
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(first, first + 999, whole.Length), response.Content.Headers.ContentRange);
        Assert.Equal(whole[first..(first + 1000)], await response.Content.ReadAsByteArrayAsync());
    }
}
