using System.IO.Compression;
using System.Net;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class WebClientTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("clearway-web-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("/")]
    [InlineData("/join")]
    [InlineData("/room")]
    [InlineData("/room/r7k2m9qxw4tz")]
    [InlineData("/recordings/01k5pzbg0a7v3qd9xw4tz2m8nc")]
    public async Task PageOfTheClient_IsItsIndex_AndIsNotCached(string path)
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path, token: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("<title>client</title>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Index_ByItsName_IsNotCachedEither()
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/index.html", token: null);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task HashedFile_IsCachedForGood()
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/assets/app-1a2b.js", token: null);
        Assert.Equal("console.log(1)", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
    }

    [Fact]
    public async Task HashedFile_IsCompressed_ForWhoTakesIt()
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, "/assets/app-1a2b.js", token: null, headers: headers => headers.AcceptEncoding.ParseAdd("gzip"));
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        await using var file = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        Assert.Equal("console.log(1)", await reader.ReadToEndAsync());
        using var api = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", headers: headers => headers.AcceptEncoding.ParseAdd("gzip"));
        Assert.Empty(api.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task MissingFile_IsNotFound_AndNotTheIndex()
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/assets/gone.js", token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("/nowhere", true)]
    [InlineData("/some/where/else.html", true)]
    [InlineData("/api/v1/nowhere", false)]
    public async Task UnknownAddress_OpenedByAPerson_IsTheClientsPage(string path, bool isPage)
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, path, token: null, headers: headers => headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(isPage ? "text/html" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Client_NotBuilt_SaysHowToBuildIt_UntilItIs()
    {
        _root.Delete();
        await using var edge = await StartAsync();
        using (var answer = await edge.SendAsync(HttpMethod.Get, "/", token: null))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("npm run build", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Build();
        using var built = await edge.SendAsync(HttpMethod.Get, "/", token: null);
        Assert.Equal(HttpStatusCode.OK, built.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/app-1a2b.js")]
    [InlineData("/api/v1/t9?prefix=a")]
    [InlineData("/nothing")]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path)
    {
        Build();
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path, token: null);
        var policy = Header(answer, "Content-Security-Policy");
        foreach (var directive in new[]
        {
            "script-src 'self';", "style-src 'self';", "media-src 'self' blob:;", "img-src 'self' data: blob:;", "worker-src 'self' blob:;",
            "object-src 'none';", "base-uri 'none';", "frame-ancestors 'none';", "form-action 'self'",
            $"connect-src 'self' ws://{edge.Address.Authority} wss://{edge.Address.Authority};",
        })
        {
            Assert.Contains(directive, policy, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.StartsWith(
            "camera=(self), microphone=(self), display-capture=(self)", Header(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task HostHeader_CannotWriteIntoThePolicy()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, "/", token: null, headers: h => h.TryAddWithoutValidation("Host", "a;script-src"));
        Assert.DoesNotContain("a;script-src", answer.Headers.ToString(), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private Task<Edge> StartAsync() => Edge.StartAsync(settings: ("WebRoot", _root.FullName));

    private void Build()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "assets"));
        File.WriteAllText(Path.Combine(_root.FullName, "index.html"), "<title>client</title>");
        File.WriteAllText(Path.Combine(_root.FullName, "assets", "app-1a2b.js"), "console.log(1)");
    }
}
