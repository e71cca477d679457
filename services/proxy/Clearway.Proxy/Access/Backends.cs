using System.Globalization;
using Clearway.Auth.V1;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;

namespace Clearway.Proxy.Access;

/// <summary>Backends of tenants, which show API keys (docs/backend-api.md). What each asks for leaves an audit event.</summary>
internal sealed partial class Backends(
    AuthService.AuthServiceClient auth, TenantLimits limits, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Where a route says which grant it needs.</summary>
    internal const string GrantMember = "Grant";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly ILogger _audit = loggers.CreateLogger(AuditLog.Category);

    /// <summary>The backend, when its key is good for <paramref name="grant"/>.</summary>
    /// <returns>The backend, or <c>api_key_refused</c>, <c>too_many_requests</c> or <c>grant_missing</c>.</returns>
    internal async Task<(Backend? Backend, Problem? Problem)> VerifyAsync(HttpContext context, string grant)
    {
        if (!ApiKeyCredential.IsShownBy(context.Request))
        {
            return (null, Problem.ApiKeyRefused);
        }

        var answer = await auth.VerifyApiKeyAsync(
            new VerifyApiKeyRequest
            {
                Credential = ApiKeyCredential.Of(context.Request),
                Address = context.Connection.RemoteIpAddress?.ToString() ?? "",
            },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        if (answer.OutcomeCase != VerifyApiKeyResponse.OutcomeOneofCase.Backend)
        {
            if (answer.RetryAfterMs > 0)
            {
                var seconds = (answer.RetryAfterMs + 999) / 1000;
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return (null, Problem.TooManyRequests);
            }

            return (null, Problem.ApiKeyRefused);
        }

        Record(context, answer.Backend);
        return answer.Backend.Grants.Contains(grant) ? (answer.Backend, null) : (null, Problem.GrantMissing(grant));
    }

    /// <summary>Before a request is passed on: routes that name a grant are for keys that have it.</summary>
    internal async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetReverseProxyFeature().Route.Config.Metadata?.GetValueOrDefault(GrantMember) is not { } grant)
        {
            await next(context);
            return;
        }

        var (backend, problem) = await VerifyAsync(context, grant);
        if (backend is null)
        {
            await problem!.ToResult().ExecuteAsync(context);
            return;
        }

        using var lease = limits.Take(backend.Tenant);
        if (!lease.IsAcquired)
        {
            await RequestLimits.Rejection(context, lease).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    // The path is written as it is sent, so that nobody writes lines of their own into the log.
    private void Record(HttpContext context, Backend backend) => context.Response.OnCompleted(() =>
    {
        var path = context.Request.Path.ToUriComponent();
        LogAsked(_audit, backend.Id, backend.Tenant, context.Request.Method, path, context.Response.StatusCode);
        return Task.CompletedTask;
    });

    [LoggerMessage(EventId = 220, Level = LogLevel.Information, Message = "API key {Key} of {Tenant}: {Method} {Path}: {Status}")]
    private static partial void LogAsked(ILogger logger, string key, string tenant, string method, string path, int status);
}
