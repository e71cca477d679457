using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class OriginTests
{
    private const string Listed = "https://meet.example.org";

    [Theory]
    [InlineData("Development", null, "own", true)]
    [InlineData("Development", null, "https://evil.example", false)]
    [InlineData("Development", null, "null", false)]
    [InlineData("Development", null, null, true)]
    [InlineData("Development", Listed, Listed, true)]
    [InlineData("Development", Listed, "own", true)]
    [InlineData("Development", Listed, "https://evil.example", false)]
    [InlineData("Production", Listed, Listed, true)]
    [InlineData("Production", Listed, "https://MEET.example.org", true)]
    [InlineData("Production", Listed, "http://meet.example.org", false)]
    [InlineData("Production", Listed, "https://meet.example.org.evil.example", false)]
    [InlineData("Production", Listed, "own", false)]
    [InlineData("Production", null, "own", false)]
    [InlineData("Production", null, null, true)]
    public async Task StateChange_FromOrigin_PassesOnlyWhenAllowed(string environment, string? listed, string? origin, bool passes)
    {
        await using var edge = listed is null
            ? await Edge.StartAsync(environment)
            : await Edge.StartAsync(environment, ("Clearway:AllowedOrigins:0", listed));
        using var answer = await edge.SendAsync(
            HttpMethod.Post,
            "/api/v1/auth/sign-out",
            token: null,
            JsonContent.Create(new { }),
            headers =>
            {
                if (origin is not null)
                {
                    headers.Add("Origin", origin == "own" ? edge.Address.GetLeftPart(UriPartial.Authority) : origin);
                }
            });

        if (passes)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        else
        {
            await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "origin_refused");
            Assert.Empty(edge.Upstreams.Requests);
        }
    }

    [Fact]
    public async Task Reading_FromAnyOrigin_IsNoStateChange()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, "/.well-known/jwks.json", token: null, headers: h => h.Add("Origin", "https://other.example"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(Listed, "/api/v1/invitations/redeem", true)]
    [InlineData(Listed, "/join", false)]
    [InlineData("https://other.example", "/api/v1/invitations/redeem", false)]
    public async Task Answers_ForPagesOfAnotherOrigin_AreReadableWhenItIsListed(string origin, string path, bool isReadable)
    {
        await using var edge = await Edge.StartAsync("Production", ("Clearway:AllowedOrigins:0", Listed));
        using var preflight = await edge.SendAsync(HttpMethod.Options, path, token: null, headers: headers =>
        {
            headers.Add("Origin", origin);
            headers.Add("Access-Control-Request-Method", "POST");
            headers.Add("Access-Control-Request-Headers", "authorization, content-type");
        });
        using var answer = await edge.SendAsync(HttpMethod.Get, path, token: null, headers: headers => headers.Add("Origin", origin));

        foreach (var received in new[] { preflight, answer })
        {
            Assert.Equal(isReadable ? [origin] : [], Header(received, "Access-Control-Allow-Origin"));
            Assert.Empty(Header(received, "Access-Control-Allow-Credentials"));
        }

        Assert.Equal(isReadable ? ["authorization,content-type"] : [], Header(preflight, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("meet.example.org")]
    [InlineData("https://meet.example.org/path")]
    [InlineData("*")]
    public async Task List_WithWhatIsNoOrigin_StopsTheStart(string origin) =>
        await Assert.ThrowsAnyAsync<Exception>(() => Edge.StartAsync("Production", ("Clearway:AllowedOrigins:0", origin)));

    private static string[] Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? [.. values] : [];
}
