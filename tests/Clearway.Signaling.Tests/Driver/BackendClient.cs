using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>A backend that asks one node, as the edge passes it on.</summary>
internal sealed class BackendClient : IDisposable
{
    private readonly HttpClient _http;

    internal BackendClient(
        Gateway gateway,
        int node = 0,
        string tenant = "default",
        string grants = "rooms:read,rooms:moderate",
        string secret = AuthDouble.ApiKeySecret)
    {
        _http = new HttpClient { BaseAddress = gateway.Nodes[node].Address };
        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"crm/{tenant}/{grants}:{secret}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credential);
    }

    /// <summary>The status, the code of a problem, and the body.</summary>
    internal async Task<(HttpStatusCode Status, string? Code, JsonNode? Body)> SendAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/rooms" + path) { Content = content };
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return (answer.StatusCode, isProblem ? (string?)body!["code"] : null, body);
    }

    internal Task<(HttpStatusCode Status, string? Code, JsonNode? Body)> ExtendAsync(string room, object body) =>
        SendAsync("PUT", $"/{room}/deadline", JsonContent.Create(body));

    public void Dispose() => _http.Dispose();
}
