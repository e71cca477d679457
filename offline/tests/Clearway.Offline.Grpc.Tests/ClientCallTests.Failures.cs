using Clearway.Offline.Grpc.Tests.Protocol;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Clearway.Offline.Grpc.Tests;

public abstract partial class ClientCallTests
{
    [Fact]
    public async Task Refusal_UnicodeMessage_ArrivesWithTrailers()
    {
        const string text = "nicht möglich: 100% 人\n\ttab";
        using var call = _probe.EchoAsync(new EchoRequest { Text = text, Status = (int)StatusCode.FailedPrecondition });

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal(text, refusal.Status.Detail);
        Assert.Equal("asked-to", refusal.Trailers.GetValue("reason"));
        Assert.Equal(StatusCode.FailedPrecondition, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Refusal_InsideDuplex_EndsTheReader()
    {
        using var call = _probe.Converse();
        var writing = call.RequestStream.WriteAsync(new EchoRequest { Text = "genug", Status = (int)StatusCode.Aborted });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default).WaitAsync(Patience));

        Assert.Equal(StatusCode.Aborted, refusal.StatusCode);

        // The answer may be here before the write has ended, and then ends it.
        Assert.True(await Record.ExceptionAsync(() => writing) is null or RpcException { StatusCode: StatusCode.Aborted });
    }

    [Fact]
    public async Task Refusal_DuringUpload_IsWhatTheWriterThrows()
    {
        using var call = _probe.Collect();
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new Chunk { RefuseWith = (int)StatusCode.OutOfRange }).WaitAsync(Patience);
            while (true)
            {
                await call.RequestStream.WriteAsync(ProbeData.Chunk(1, 64 * 1024)).WaitAsync(Patience);
            }
        });

        Assert.Equal(StatusCode.OutOfRange, refusal.StatusCode);
        Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal("asked-to", refusal.Trailers.GetValue("reason"));
    }

    [Fact]
    public async Task Deadline_Exceeded_EndsCallOnBothSides()
    {
        var before = await CancelledAsync();

        var exceeded = await Assert.ThrowsAsync<RpcException>(
            () => _probe.EchoAsync(new EchoRequest { Hang = true }, deadline: DateTime.UtcNow.AddMilliseconds(300))
                .ResponseAsync.WaitAsync(Patience));

        Assert.Equal(StatusCode.DeadlineExceeded, exceeded.StatusCode);
        await Eventually.TrueAsync(async () => await CancelledAsync() > before);
    }

    [Fact]
    public async Task Deadline_InThePast_FailsAtOnce()
    {
        var exceeded = await Assert.ThrowsAsync<RpcException>(
            async () => await _probe.EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)));

        Assert.Equal(StatusCode.DeadlineExceeded, exceeded.StatusCode);
    }

    [Fact]
    public async Task Cancellation_OfUnary_ReachesTheService()
    {
        var before = await CancelledAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = _probe.EchoAsync(new EchoRequest { Hang = true }, cancellationToken: cancellation.Token);
        await call.ResponseHeadersAsync.WaitAsync(Patience);

        await cancellation.CancelAsync();

        var canceled = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Cancelled, canceled.StatusCode);
        await Eventually.TrueAsync(async () => await CancelledAsync() > before);
    }

    [Fact]
    public async Task Cancellation_OfMoveNext_ReachesTheService()
    {
        var before = await CancelledAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = _probe.Produce(new ProduceRequest { Count = 1, Size = 1, StayOpen = true });
        Assert.True(await call.ResponseStream.MoveNext(default).WaitAsync(Patience));

        var next = call.ResponseStream.MoveNext(cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => next.WaitAsync(Patience))).StatusCode);
        await Eventually.TrueAsync(async () => await CancelledAsync() > before);
    }

    [Fact]
    public async Task Disposal_OfOpenCalls_ReachesTheService()
    {
        var before = await CancelledAsync();
        var produce = _probe.Produce(new ProduceRequest { Count = 1, Size = 1, StayOpen = true });
        Assert.True(await produce.ResponseStream.MoveNext(default).WaitAsync(Patience));
        var converse = _probe.Converse();
        await converse.RequestStream.WriteAsync(new EchoRequest { Text = "open" });
        Assert.True(await converse.ResponseStream.MoveNext(default).WaitAsync(Patience));

        produce.Dispose();
        converse.Dispose();

        Assert.Equal(StatusCode.Cancelled, produce.GetStatus().StatusCode);
        Assert.Equal(StatusCode.Cancelled, converse.GetStatus().StatusCode);
        await Eventually.TrueAsync(async () => await CancelledAsync() >= before + 2);
    }

    [Fact]
    public async Task Cancellation_WhenAskedFor_ThrowsOperationCanceled()
    {
        using var channel = GrpcChannel.ForAddress(_address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        using var cancellation = new CancellationTokenSource(200);

        var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new Probe.ProbeClient(channel).EchoAsync(
                new EchoRequest { Hang = true }, cancellationToken: cancellation.Token));

        Assert.Equal(cancellation.Token, canceled.CancellationToken);
    }

    [Fact]
    public async Task Reply_AboveFourMebibytes_IsRefusedByTheClient()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _probe.EchoAsync(new EchoRequest { ReplyPadding = 4 * 1024 * 1024 }).ResponseAsync.WaitAsync(Patience));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Request_AboveFourMebibytes_IsRefusedByTheService()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _probe.EchoAsync(new EchoRequest { Padding = ByteString.CopyFrom(new byte[4 * 1024 * 1024]) })
                .ResponseAsync.WaitAsync(Patience));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Request_AboveTheChannelsLimit_IsNotSent()
    {
        using var channel = GrpcChannel.ForAddress(_address, new GrpcChannelOptions { MaxSendMessageSize = 100 });
        var probe = new Probe.ProbeClient(channel);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await probe.EchoAsync(new EchoRequest { Text = new string('x', 200) }));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Method_NotImplemented_SaysSo()
    {
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await _probe.NeglectedAsync(new EchoRequest()));
        var absent = await Assert.ThrowsAsync<RpcException>(
            async () => await new Absent.AbsentClient(_channel).CallAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
        Assert.Equal(StatusCode.Unimplemented, absent.StatusCode);
    }

    private async Task<int> CancelledAsync() => (await _probe.ObserveAsync(new ObserveRequest())).Cancelled;
}
