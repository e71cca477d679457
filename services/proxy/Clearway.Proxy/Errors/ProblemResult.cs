using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Clearway.Proxy.Errors;

/// <summary>Writes a <see cref="Problem"/> as application/problem+json (RFC 9457).</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate =
                problem.Code == Problem.ApiKeyRefused.Code ? "Basic realm=\"backends\", charset=\"UTF-8\"" : "Bearer";
        }

        // tus has a status of its own, which no registry knows.
        var title = problem.Status == 460 ? "Checksum Mismatch" : ReasonPhrases.GetReasonPhrase(problem.Status);
        var traceId = Activity.Current?.TraceId.ToHexString();
        var body = new Body("about:blank", title, problem.Status, problem.Code, problem.Detail, traceId);
        return response.WriteAsJsonAsync(body, Wire.Json, "application/problem+json", httpContext.RequestAborted);
    }

    private sealed record Body(string Type, string Title, int Status, string Code, string? Detail, string? TraceId);
}

internal static class ProblemResults
{
    internal static IResult ToResult(this Problem problem) => new ProblemResult(problem);
}
