using Clearway.Auth.V1;
using Clearway.ServiceDefaults;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Administration;

/// <summary>What a backend may do is checked here again: the edge counts wrong keys, and this is where rooms are changed.</summary>
internal sealed class BackendCheck(
    AuthService.AuthServiceClient auth, TimeProvider time, IOptions<SignalingOptions> options, ILogger<BackendCheck> logger)
{
    /// <summary>Whose the key of the request is (RFC 7617), or why it is refused. Without an answer of Auth nobody may do anything.</summary>
    internal async Task<(Backend? Backend, RestRefusal? Refusal)> RunAsync(HttpRequest request, string grant)
    {
        if (!ApiKeyCredential.IsShownBy(request))
        {
            return (null, RestRefusal.OfKey("api_key_refused"));
        }

        try
        {
            var answer = await auth.VerifyApiKeyAsync(
                new VerifyApiKeyRequest { Credential = ApiKeyCredential.Of(request) },
                deadline: time.GetUtcNow().UtcDateTime + options.Value.AuthTimeout,
                cancellationToken: request.HttpContext.RequestAborted);
            return answer.OutcomeCase != VerifyApiKeyResponse.OutcomeOneofCase.Backend ? (null, RestRefusal.OfKey("api_key_refused"))
                : answer.Backend.Grants.Contains(grant) ? (answer.Backend, null)
                : (null, RestRefusal.GrantMissing(grant));
        }
        catch (RpcException exception)
        {
            Log.AuthDoesNotAnswer(logger, exception.StatusCode, exception);
            return (null, RestRefusal.Unavailable);
        }
    }
}

internal static class BackendRequirement
{
    /// <summary>Lets a request through when it shows an API key with this grant.</summary>
    internal static RouteHandlerBuilder RequireGrant(this RouteHandlerBuilder endpoint, string grant) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var request = context.HttpContext.Request;
            var (backend, refusal) = await context.HttpContext.RequestServices.GetRequiredService<BackendCheck>().RunAsync(request, grant);
            if (backend is null)
            {
                return refusal;
            }

            context.HttpContext.Features.Set(backend);
            return await next(context);
        });

    /// <summary>The backend whose key was checked.</summary>
    internal static Backend Backend(this HttpContext context) => context.Features.Get<Backend>()
        ?? throw new InvalidOperationException("The endpoint does not require a grant.");
}
