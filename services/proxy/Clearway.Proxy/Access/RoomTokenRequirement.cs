using Clearway.Auth.V1;
using Clearway.Proxy.Errors;

namespace Clearway.Proxy.Access;

/// <summary>Endpoints that need a room token, and who they run for.</summary>
internal static class RoomTokenRequirement
{
    /// <summary>
    /// Lets a request through when its token is valid and, if roles are given, of one of them. Where the route names a room, the token must be
    /// for that one.
    /// </summary>
    internal static TBuilder RequireRoomToken<TBuilder>(this TBuilder endpoint, params Role[] roles)
        where TBuilder : IEndpointConventionBuilder => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var request = context.HttpContext.Request;
        var (claims, problem) = await context.HttpContext.RequestServices.GetRequiredService<RoomTokens>().VerifyAsync(request);
        if (claims is null)
        {
            return problem!.ToResult();
        }

        using var lease = context.HttpContext.RequestServices.GetRequiredService<TenantLimits>().Take(claims.Tenant);
        if (!lease.IsAcquired)
        {
            return RequestLimits.Rejection(context.HttpContext, lease);
        }

        if (roles.Length > 0 && !roles.Contains(claims.Role))
        {
            return Problem.RoleForbidden.ToResult();
        }

        if (request.RouteValues.TryGetValue("room", out var room) && room as string != claims.Room)
        {
            return Problem.RoomForbidden.ToResult();
        }

        context.HttpContext.Features.Set(claims);
        return await next(context);
    });

    /// <summary>Claims of the verified token.</summary>
    internal static Claims RoomClaims(this HttpContext context) => context.Features.Get<Claims>()
        ?? throw new InvalidOperationException("The endpoint does not require a room token.");
}
