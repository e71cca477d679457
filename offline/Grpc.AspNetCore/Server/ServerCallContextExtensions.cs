using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    private const string UserStateKey = "__HttpContext";

    /// <exception cref="InvalidOperationException">The call does not come from an HTTP request.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        return serverCallContext switch
        {
            HttpServerCallContext call => call.HttpContext,
            _ when serverCallContext.UserState.TryGetValue(UserStateKey, out var value) && value is HttpContext http => http,
            _ => throw new InvalidOperationException("The call does not come from an HTTP request."),
        };
    }
}
