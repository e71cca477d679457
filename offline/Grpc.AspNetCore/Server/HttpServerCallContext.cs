using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>A call as its service method sees it.</summary>
internal sealed class HttpServerCallContext : ServerCallContext
{
    private static readonly AuthContext Unauthenticated = new(null, []);

    private static readonly HashSet<string> ProtocolHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        ProtocolNames.Encoding, ProtocolNames.AcceptEncoding, ProtocolNames.Timeout,
        "content-encoding", "content-type", "te", "host", "accept-encoding",
    };

    public HttpServerCallContext(HttpContext httpContext, CallDeadline? deadline)
    {
        HttpContext = httpContext;
        CallDeadline = deadline;
        MethodCore = httpContext.Request.Path.Value ?? "";
        CancellationTokenCore = deadline?.Token ?? httpContext.RequestAborted;
    }

    public HttpContext HttpContext { get; }

    public CallDeadline? CallDeadline { get; }

    /// <summary>Guards the response against a deadline that passes while the method writes.</summary>
    public Lock ResponseGate { get; } = new();

    /// <summary>Guarded by <see cref="ResponseGate"/>: nothing is written any more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Reading the request failed because its caller gave it up or is gone.</summary>
    public bool IsReset { get; set; }

    protected override string MethodCore { get; }

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => field ??= HttpContext.Connection.RemoteIpAddress switch
    {
        null => "unknown:0",
        { AddressFamily: AddressFamily.InterNetworkV6 } address => Format($"ipv6:[{address}]:{HttpContext.Connection.RemotePort}"),
        IPAddress address => Format($"ipv4:{address}:{HttpContext.Connection.RemotePort}"),
    };

    protected override DateTime DeadlineCore => CallDeadline?.At ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore => field ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => Unauthenticated;

    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    /// <summary>Sets status and trailers, once.</summary>
    public void End(Status status)
    {
        lock (ResponseGate)
        {
            IsEnded = true;
            var response = HttpContext.Response;
            var destination = response.HasStarted
                ? HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
                : response.Headers;
            ResponseStatus.Append(destination, ResponseTrailers);
            ResponseStatus.Set(destination, status);
        }
    }

    /// <summary>Whether the call has ended, or its caller is gone.</summary>
    public bool IsOver => IsEnded || HttpContext.RequestAborted.IsCancellationRequested;

    /// <exception cref="InvalidOperationException">The call has ended, or its caller is gone.</exception>
    public void ThrowIfEnded()
    {
        if (IsOver)
        {
            throw new InvalidOperationException("The call has ended: nothing can be read or written any more.");
        }
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can be sent once, and before the first message.");
        }

        lock (ResponseGate)
        {
            ThrowIfEnded();
            ResponseStatus.Append(HttpContext.Response.Headers, responseHeaders);
        }

        return HttpContext.Response.BodyWriter.FlushAsync().AsTask();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Hand deadline and cancellation token on in CallOptions.");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in HttpContext.Request.Headers)
        {
            if (name.StartsWith(':') || ProtocolHeaders.Contains(name))
            {
                continue;
            }

            if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
            {
                BinaryHeader.AddTo(metadata, name, values.ToString());
            }
            else
            {
                metadata.Add(name, values.ToString());
            }
        }

        return metadata;
    }
}
