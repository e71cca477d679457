using Microsoft.Extensions.Configuration;

namespace Clearway.ServiceDefaults;

/// <summary>Addresses of the other services, as Aspire writes them into the configuration.</summary>
public static class ServiceAddress
{
    /// <summary>Reads <c>services:{service}:{endpoint}:0</c> (<c>services__auth__grpc__0</c> as an environment variable).</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="service">The service's name in the AppHost, for example <c>auth</c>.</param>
    /// <param name="endpoint">The endpoint's name, <c>http</c> or <c>grpc</c>.</param>
    /// <returns>An absolute http or https address.</returns>
    /// <exception cref="InvalidOperationException">The address is missing or is not an absolute http or https URI.</exception>
    public static Uri GetServiceAddress(this IConfiguration configuration, string service, string endpoint)
    {
        var key = $"services:{service}:{endpoint}:0";
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value))
        {
            var variable = key.Replace(":", "__", StringComparison.Ordinal);
            throw new InvalidOperationException(
                $"The address of endpoint '{endpoint}' of service '{service}' is not configured: set {variable}.");
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidOperationException($"The configured address '{value}' of '{key}' is not an absolute http or https URI.");
    }
}
