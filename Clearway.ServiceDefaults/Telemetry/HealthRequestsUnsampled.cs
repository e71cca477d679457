using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Clearway.ServiceDefaults.Telemetry;

/// <summary>Leaves health requests, and with them the probes they make, out of every trace.</summary>
internal sealed class HealthRequestsUnsampled(Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Kind == ActivityKind.Server && samplingParameters.Tags is { } tags)
        {
            foreach (var (key, value) in tags)
            {
                if (key == "url.path" && value is string path && IsHealth(path))
                {
                    return new SamplingResult(SamplingDecision.Drop);
                }
            }
        }

        return inner.ShouldSample(samplingParameters);
    }

    private static bool IsHealth(string path) =>
        path.StartsWith(HealthEndpoints.Prefix, StringComparison.Ordinal)
        && (path.Length == HealthEndpoints.Prefix.Length || path[HealthEndpoints.Prefix.Length] == '/');
}
