using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Clearway.Auth.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Clearway.Proxy.Tests;

/// <summary>The proxy on a real port in front of <see cref="Upstreams"/>.</summary>
internal sealed class Edge : IAsyncDisposable
{
    internal const string Room = "r7k2m9qxw4tz";

    private static readonly string[] Services = ["signaling", "auth", "chat", "storage"];

    private readonly WebApplicationFactory<Program> _proxy;

    private Edge(WebApplicationFactory<Program> proxy, Upstreams upstreams, LogLines log)
    {
        _proxy = proxy;
        Log = log;
        Upstreams = upstreams;
        Address = new Uri(proxy.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = Address,
        };
    }

    internal Upstreams Upstreams { get; }

    internal LogLines Log { get; }

    internal Uri Address { get; }

    internal HttpClient Client { get; }

    internal static async Task<Edge> StartAsync(string environment = "Development", params (string Key, string Value)[] settings)
    {
        var upstreams = await Upstreams.StartAsync();
        var log = new LogLines();
#pragma warning disable CA2000 // Owned by the edge.
        var proxy = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment(environment);
            host.ConfigureLogging(logging => logging.ClearProviders().AddFilter("Clearway", LogLevel.Debug).AddProvider(log));
            foreach (var service in Services)
            {
                host.UseSetting($"services:{service}:http:0", upstreams.Http);
                host.UseSetting($"services:{service}:grpc:0", upstreams.Grpc);
            }

            // Watching settings costs an inotify instance a host, and a user has 128.
            host.UseSetting("hostBuilder:reloadConfigOnChange", "false");
            host.UseSetting("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0");
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }
        });
#pragma warning restore CA2000
        proxy.UseKestrel();
        proxy.StartServer();
        return new Edge(proxy, upstreams, log);
    }

    /// <summary>Sends a request with a room token of this role.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        Role role = Role.Organizer,
        HttpContent? content = null,
        Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(method, path, AuthDouble.Token(role), content, headers);

    /// <summary>Sends a request with this token, or with none.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        headers?.Invoke(request.Headers);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _proxy.DisposeAsync();
        await Upstreams.DisposeAsync();
    }
}

internal static class Expect
{
    /// <summary>Asserts a problem document with this code, and returns it.</summary>
    internal static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    /// <summary>Asserts success and returns the body.</summary>
    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
