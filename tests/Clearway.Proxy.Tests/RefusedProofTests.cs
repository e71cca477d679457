using System.Net;
using System.Text;
using Clearway.Auth.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RefusedProofTests
{
    private const string Path = "/api/v1/verification/refusals";

    [Fact]
    public async Task Refusal_OfABrowser_IsInTheAudit()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, """{"peer_id":"p-grace","reason":"signature"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var lines = await edge.Log.ReadUntilAsync("Warning p-");
        Assert.Matches("^Warning p-[a-z]+ refused the proof of p-grace \\(signature\\) in room [a-z0-9]+ of [a-z]+$", lines[^1]);
    }

    [Theory]
    [InlineData("""{"peer_id":"p-grace"}""")]
    [InlineData("""{"reason":"signature"}""")]
    [InlineData("""{"peer_id":"","reason":"signature"}""")]
    [InlineData("""{"peer_id":"p-grace\nWarning all is well","reason":"signature"}""")]
    [InlineData("""{"peer_id":"p-grace","reason":"it\nwas"}""")]
    [InlineData("""{"peer_id":"p-grace","reason":"Signature"}""")]
    public async Task Refusal_OfAnotherForm_IsRefused(string body)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, body);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    private static async Task<HttpResponseMessage> SendAsync(Edge edge, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await edge.SendAsync(HttpMethod.Post, Path, Role.Participant, content);
    }
}
