using Clearway.Auth.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using StorageAccess = Clearway.Storage.V1.Access;

namespace Clearway.Proxy.Records;

/// <summary>Who may do what with recordings, and as whom storage is then asked.</summary>
internal static class RecordingAccess
{
    private const string KeyScheme = "Upload ";

    /// <summary>
    /// For uploads: the room token of an organizer or moderator, or the recording's upload key as <c>Authorization: Upload KEY</c>, which
    /// outlives the token.
    /// </summary>
    internal static TBuilder RequireUploader<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Require(async request =>
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(KeyScheme, StringComparison.OrdinalIgnoreCase) && header.AsSpan(KeyScheme.Length).Trim() is { Length: > 0 } key
            ? (new StorageAccess { UploadKey = key.ToString() }, null)
            : await InRoomAsync(request, Role.Organizer, Role.Moderator);
    });

    /// <summary>
    /// For what becomes of recordings: an organizer's account or a backend's API key for the whole tenant, or a room token for one room's.
    /// </summary>
    internal static TBuilder RequireLibrarian<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Require(async request =>
    {
        if (ApiKeyCredential.IsShownBy(request))
        {
            var grant = HttpMethods.IsGet(request.Method) ? Grant.ReadRecordings : Grant.ManageRecordings;
            var (backend, refusal) = await request.HttpContext.RequestServices.GetRequiredService<Backends>()
                .VerifyAsync(request.HttpContext, grant);
            return backend is null ? (null, refusal) : (new StorageAccess { Tenant = backend.Tenant }, null);
        }

        if (request.Headers.Authorization.Count > 0)
        {
            return await InRoomAsync(request, Role.Organizer, Role.Moderator);
        }

        var (account, problem) = await request.HttpContext.RequestServices.GetRequiredService<RoomTokens>().VerifyAccountAsync(request);
        return account is null ? (null, problem) : (new StorageAccess { Tenant = account.Tenant }, null);
    });

    /// <summary>As whom storage is asked.</summary>
    internal static StorageAccess StorageAccess(this HttpContext context) => context.Features.Get<StorageAccess>()
        ?? throw new InvalidOperationException("The endpoint does not say who may call it.");

    private static async Task<(StorageAccess? Access, Problem? Problem)> InRoomAsync(HttpRequest request, params Role[] roles)
    {
        var (claims, problem) = await request.HttpContext.RequestServices.GetRequiredService<RoomTokens>().VerifyAsync(request);
        if (claims is null)
        {
            return (null, problem);
        }

        return roles.Contains(claims.Role)
            ? (new StorageAccess { Tenant = claims.Tenant, Room = claims.Room }, null)
            : (null, Problem.RoleForbidden);
    }

    private static TBuilder Require<TBuilder>(this TBuilder endpoint, Func<HttpRequest, Task<(StorageAccess? Access, Problem? Problem)>> judge)
        where TBuilder : IEndpointConventionBuilder => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var (access, problem) = await judge(context.HttpContext.Request);
        if (access is null)
        {
            return problem!.ToResult();
        }

        context.HttpContext.Features.Set(access);
        if (access.UploadKey.Length > 0)
        {
            // Whose it is, only storage can tell; the limit of the address holds.
            return await next(context);
        }

        using var lease = context.HttpContext.RequestServices.GetRequiredService<TenantLimits>().Take(access.Tenant);
        return lease.IsAcquired ? await next(context) : RequestLimits.Rejection(context.HttpContext, lease);
    });
}
