using Grpc.Core;

namespace Clearway.Proxy.Errors;

/// <summary>What a failed gRPC call means for the browser.</summary>
internal static class ServiceFailure
{
    /// <summary>
    /// The code in the trailer <c>clearway-code</c> if there is one; <c>unavailable</c> when the service did not answer; null for a
    /// status that no service sends on purpose, which is a fault of ours.
    /// </summary>
    internal static Problem? ToProblem(this RpcException exception) =>
        Problem.FromCode(exception.Trailers.GetValue("clearway-code"), exception.Status.Detail)
        ?? exception.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => Problem.Unavailable,
            StatusCode.NotFound => Problem.NotFound,
            StatusCode.InvalidArgument => Problem.BadRequest(exception.Status.Detail),
            _ => null,
        };
}
