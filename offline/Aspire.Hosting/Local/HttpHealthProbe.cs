using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Asks each replica over HTTP whether it is ready.</summary>
internal static class HttpHealthProbe
{
    private static readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    public static HealthProbeAnnotation For(IResourceWithEndpoints resource, string? endpointName, string path, int statusCode) =>
        new(async (replica, cancellationToken) =>
        {
            var endpoint = new EndpointReference(resource, endpointName ?? "http").EndpointAnnotation;
            var address = new Uri($"{endpoint.UriScheme}://127.0.0.1:{endpoint.ReplicaPorts[replica]}{path}");
            try
            {
                using var response = await _client.GetAsync(address, cancellationToken).ConfigureAwait(false);
                if ((int)response.StatusCode == statusCode)
                {
                    return null;
                }

                var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                return $"{path} answers {(int)response.StatusCode}{(body.Length is > 0 and < 500 ? $": {body.ReplaceLineEndings(" ")}" : "")}";
            }
            catch (HttpRequestException exception)
            {
                return exception.Message;
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"{path} does not answer within {_client.Timeout.TotalSeconds:0} s";
            }
        });
}
