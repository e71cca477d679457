using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Events of calls on the server.</summary>
internal static partial class ServerCallLog
{
    [LoggerMessage(1, LogLevel.Error, "Error when executing service method '{Method}'.")]
    public static partial void Failed(ILogger logger, Exception exception, string method);

    [LoggerMessage(2, LogLevel.Information, "Service method '{Method}' ended with status {StatusCode}: {Detail}")]
    public static partial void Refused(ILogger logger, string method, StatusCode statusCode, string detail, Exception? exception);

    [LoggerMessage(3, LogLevel.Information, "Service method '{Method}' was canceled by its caller.")]
    public static partial void Cancelled(ILogger logger, Exception exception, string method);

    [LoggerMessage(4, LogLevel.Debug, "The deadline of service method '{Method}' was exceeded.")]
    public static partial void DeadlineExceeded(ILogger logger, string method);
}
