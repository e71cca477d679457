using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Clearway.LoadTest.Wire;

/// <summary>Uploads a recording by tus as a browser does: in order, and after a failure from where the server says that it is.</summary>
internal sealed class RecordingUploader : IDisposable
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly string _path;
    private readonly string _key;

    private RecordingUploader(HttpClient http, string id, string key) => (_http, Id, _path, _key) = (http, id, $"/api/v1/records/{id}", key);

    internal string Id { get; }

    /// <summary>Status and code of the last answer that was a refusal; empty when there was none, or none came.</summary>
    internal string Refusal { get; private set; } = "";

    /// <summary>Creates a recording.</summary>
    internal static async Task<RecordingUploader> CreateAsync(Uri edge, string token, Random random)
    {
        var http = new HttpClient { BaseAddress = edge, Timeout = TimeSpan.FromMinutes(5) };
        var id = new string(random.GetItems<char>(Alphabet, 26));
        using var request = Request(HttpMethod.Post, "/api/v1/records", new AuthenticationHeaderValue("Bearer", token));
        request.Headers.Add("Upload-Defer-Length", "1");
        request.Headers.Add("Upload-Metadata", "recording_id " + Convert.ToBase64String(Encoding.ASCII.GetBytes(id)));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.Created
            ? new RecordingUploader(http, id, answer.Headers.GetValues("Upload-Key").Single())
            : throw new InvalidOperationException($"A recording was refused: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Sends bytes that stand at an offset.</summary>
    /// <returns>The offset up to which the server has them durably, or null when it did not say so.</returns>
    internal async Task<long?> AppendAsync(long offset, HttpContent bytes, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Patch, _path, new AuthenticationHeaderValue("Upload", _key));
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content = bytes;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await AskAsync(request, HttpStatusCode.NoContent, cancellationToken);
    }

    /// <summary>Asks how far the server got; null when it does not answer.</summary>
    internal async Task<long?> OffsetAsync(CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Head, _path, new AuthenticationHeaderValue("Upload", _key));
        return await AskAsync(request, HttpStatusCode.OK, cancellationToken);
    }

    /// <summary>Asks until there is an answer, and until it is the same twice: a cut upload may still be stored while the question comes.</summary>
    internal async Task<long> SettledOffsetAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        for (long? last = null; ;)
        {
            var now = await OffsetAsync(patience.Token);
            if (now is not null && now == last)
            {
                return now.Value;
            }

            last = now;
            await Task.Delay(200, patience.Token);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<long?> AskAsync(HttpRequestMessage request, HttpStatusCode good, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.StatusCode == good)
            {
                return long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
            }

            var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken)
                : null;
            Refusal = $"{(int)answer.StatusCode} {problem?["code"]}";
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, AuthenticationHeaderValue credential)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = credential;
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }
}
