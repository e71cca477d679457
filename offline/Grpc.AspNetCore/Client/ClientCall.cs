using System.Net;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>One call as a request and its response, whatever the message types. Its status is set once; the first one counts.</summary>
internal abstract partial class ClientCall : IDisposable
{
    /// <summary>The status of a call that promises one message and ends well without it.</summary>
    protected static readonly Status NoMessage = new(StatusCode.Internal, "Failed to deserialize response message.");

    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 2);

    private readonly GrpcChannel _channel;
    private readonly IMethod _method;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private Status? _status;
    private Metadata? _trailers;
    private HttpResponseMessage? _response;

    private RequestContent _content = null!;
    private Task<HttpResponseMessage?> _responseHeaders = null!;
    private Timer? _deadline;
    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _channelDisposal;
    private bool _isDisposed;

    protected ClientCall(GrpcChannel channel, IMethod method, CallOptions options)
    {
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException("The deadline is not in UTC.");
        }

        _channel = channel;
        _method = method;
        Options = options;
    }

    public CallOptions Options { get; }

    /// <summary>Cancelled when the call ends, for whatever reason.</summary>
    public CancellationToken Stopped => _stop.Token;

    public int? MaxSendBytes => _channel.Options.MaxSendMessageSize;

    protected int? MaxReceiveBytes => _channel.Options.MaxReceiveMessageSize;

    /// <summary>The response when its headers are there; null when they already say that the call went well without a message.</summary>
    protected Task<HttpResponseMessage?> ResponseStarted => _responseHeaders;

    public void Start(RequestContent content)
    {
        ObjectDisposedException.ThrowIf(_channel.Disposed.IsCancellationRequested, _channel);
        _content = content;
        var timeout = Options.Deadline is { } deadline && deadline != DateTime.MaxValue ? deadline - DateTime.UtcNow : (TimeSpan?)null;
        var request = CreateRequest(timeout);
        _channelDisposal = _channel.Disposed.Register(Dispose);
        _cancellation = Options.CancellationToken.Register(CancelByCaller);
        if (timeout is { } left && left < LongestTimer)
        {
            _deadline = new Timer(_ => End(new Status(StatusCode.DeadlineExceeded, "")));
            _deadline.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
            if (HasEnded(out _))
            {
                _deadline.Dispose();
            }
        }

        _responseHeaders = Observed(SendAsync(request));
    }

    /// <summary>Takes a task that nobody may await off the list of unobserved exceptions: the call's status tells the same.</summary>
    public static Task<T> Observed<T>(Task<T> task)
    {
        task.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    public async Task<Metadata> ReadHeadersAsync() => ResponseMetadata.Read((await _responseHeaders ?? _response!).Headers);

    public bool HasEnded(out Status status)
    {
        lock (_gate)
        {
            status = _status.GetValueOrDefault();
            return _status is not null;
        }
    }

    public Status GetStatus() => HasEnded(out var status)
        ? status
        : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers()
    {
        lock (_gate)
        {
            return _trailers
                ?? throw new InvalidOperationException("The call has no trailers: it is not complete, or ended without a response.");
        }
    }

    /// <summary>Cancels the whole call when a token of one read or write is cancelled.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken cancellationToken) =>
        cancellationToken != Options.CancellationToken ? cancellationToken.Register(CancelByCaller) : default;

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    public void Dispose()
    {
        _isDisposed = true;
        End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    /// <summary>Ends the call because of an exception.</summary>
    /// <returns>What to throw to the caller: by the status that the call has, which may have come before this exception.</returns>
    public Exception Fail(string summary, Exception exception)
    {
        var status = exception switch
        {
            RpcException refusal => refusal.Status,
            OperationCanceledException => new Status(StatusCode.Cancelled, "", exception),
            _ => new Status(TransportStatus.Of(exception), TransportStatus.Describe(summary, exception), exception),
        };
        if (status.StatusCode == StatusCode.Cancelled && Options.Deadline <= DateTime.UtcNow)
        {
            // The other side's timer was faster than the one here.
            status = new Status(StatusCode.DeadlineExceeded, "", exception);
        }

        End(status);
        return ToException();
    }

    /// <summary>The exception of a call that has ended.</summary>
    public Exception ToException()
    {
        var status = GetStatus();
        if (_channel.Options.ThrowOperationCanceledOnCancellation
            && _trailers is null
            && status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded)
        {
            var token = Options.CancellationToken.IsCancellationRequested ? Options.CancellationToken : Stopped;
            return new OperationCanceledException(status.ToString(), status.DebugException, token);
        }

        return new RpcException(status, _trailers ?? Metadata.Empty);
    }

    /// <summary>Waits until a call whose request stream broke has its status, where that comes without anyone reading.</summary>
    public Task WaitForEarlyAnswerAsync() => _method.Type == MethodType.ClientStreaming
        ? _ended.Task
        : Task.WhenAny(_responseHeaders, _ended.Task);

    /// <summary>Ends the call with the status of its trailers, or with the given one should they say that all went well.</summary>
    protected Status EndWithTrailers(HttpResponseMessage response, Status? unlessFailed = null)
    {
        var status = ResponseMetadata.StatusOf(response);
        if (status.StatusCode == StatusCode.OK && unlessFailed is { } other)
        {
            status = other;
        }

        End(status, ResponseMetadata.Read(response.TrailingHeaders));
        return GetStatus();
    }

    private void CancelByCaller() => End(new Status(
        StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException(Options.CancellationToken)));

    private void End(Status status, Metadata? trailers = null)
    {
        HttpResponseMessage? response;
        lock (_gate)
        {
            if (_status is not null)
            {
                return;
            }

            _status = status;
            _trailers = trailers;
            response = _response;
        }

        if (status.StatusCode != StatusCode.OK)
        {
            LogEnded(_channel.Logger, _method.FullName, status.StatusCode, status.DebugException);
        }

        _deadline?.Dispose();
        _stop.Cancel();
        _content.Abort();
        response?.Dispose();
        _ended.TrySetResult();

        // Unregister, unlike Dispose, does not wait for a callback that may be the one running here.
        _cancellation.Unregister();
        _channelDisposal.Unregister();
    }

    private async Task<HttpResponseMessage?> SendAsync(HttpRequestMessage request)
    {
        try
        {
            var response = _channel.Http is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stopped)
                : await _channel.Http.SendAsync(request, Stopped);
            lock (_gate)
            {
                _response = response;
                if (_status is not null)
                {
                    response.Dispose();
                }
            }

            if (ResponseMetadata.FinalStatusIn(response) is not { } status)
            {
                return response;
            }

            if (status.StatusCode == StatusCode.OK && _method.Type is (MethodType.Unary or MethodType.ClientStreaming))
            {
                status = NoMessage;
            }

            End(status, ResponseMetadata.Read(response.Headers));
        }
        catch (Exception e)
        {
            throw Fail("Error starting gRPC call.", e);
        }

        return GetStatus().StatusCode == StatusCode.OK ? null : throw ToException();
    }

    private HttpRequestMessage CreateRequest(TimeSpan? timeout)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, _method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("user-agent", "grpc-dotnet-standin/2.85");
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation(ProtocolNames.AcceptEncoding, ProtocolNames.Identity);
        foreach (var entry in Options.Headers ?? Metadata.Empty)
        {
            if (entry.Key != ProtocolNames.Timeout)
            {
                headers.TryAddWithoutValidation(entry.Key, BinaryHeader.Encode(entry));
            }
        }

        if (timeout is { } left)
        {
            headers.TryAddWithoutValidation(ProtocolNames.Timeout, TimeoutHeader.Format(left));
        }

        return request;
    }

    [LoggerMessage(1, LogLevel.Debug, "gRPC call {Method} ended with status {StatusCode}.")]
    private static partial void LogEnded(ILogger logger, string method, StatusCode statusCode, Exception? exception);
}
