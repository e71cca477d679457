using System.Security.Cryptography;
using Clearway.Offline.Grpc.Tests.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>The probe service on the stand-in; node/server.mjs is the same on grpc-js.</summary>
internal sealed class ProbeService(ProbeObservations observations) : Probe.ProbeBase
{
    public override async Task<EchoReply> Echo(EchoRequest request, ServerCallContext context)
    {
        using var counting = CountCancelled(context);
        await context.WriteResponseHeadersAsync(AnswerHeaders(context));
        if (request.Hang)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        ThrowIfRefused(request);
        AddTrailers(context);
        return Reply(request, context);
    }

    public override async Task<Digest> Collect(IAsyncStreamReader<Chunk> requestStream, ServerCallContext context)
    {
        using var counting = CountCancelled(context);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digest = new Digest();
        await foreach (var chunk in requestStream.ReadAllAsync())
        {
            if (chunk.RefuseWith != 0)
            {
                throw Refusal(chunk.RefuseWith, "no more of these");
            }

            digest.Chunks++;
            digest.Bytes += chunk.Data.Length;
            hash.AppendData(chunk.Data.Span);
        }

        AddTrailers(context);
        digest.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return digest;
    }

    public override async Task Produce(ProduceRequest request, IServerStreamWriter<Chunk> responseStream, ServerCallContext context)
    {
        using var counting = CountCancelled(context);
        await context.WriteResponseHeadersAsync(AnswerHeaders(context));
        for (var n = 0; n < request.Count; n++)
        {
            await responseStream.WriteAsync(ProbeData.Chunk(n, request.Size));
            observations.CountChunk();
        }

        if (request.StayOpen)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        AddTrailers(context);
    }

    public override async Task Converse(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        using var counting = CountCancelled(context);
        await foreach (var request in requestStream.ReadAllAsync())
        {
            ThrowIfRefused(request);
            await responseStream.WriteAsync(Reply(request, context));
        }
    }

    public override Task<Observation> Observe(ObserveRequest request, ServerCallContext context) =>
        Task.FromResult(observations.Read());

    private static EchoReply Reply(EchoRequest request, ServerCallContext context) => new()
    {
        Text = request.Text,
        Padding = ByteString.CopyFrom(new byte[request.ReplyPadding]),
        TimeLeft = context.Deadline == DateTime.MaxValue ? -1 : (long)(context.Deadline - DateTime.UtcNow).TotalMilliseconds,
    };

    private static void ThrowIfRefused(EchoRequest request)
    {
        if (request.Status != 0)
        {
            throw Refusal(request.Status, request.Text);
        }
    }

    private static RpcException Refusal(int code, string text) =>
        new(new Status((StatusCode)code, text), new Metadata { { "reason", "asked-to" } });

    private static Metadata AnswerHeaders(ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key is "probe-text" or "probe-data-bin"))
        {
            headers.Add(entry);
        }

        return headers;
    }

    private static void AddTrailers(ServerCallContext context)
    {
        context.ResponseTrailers.Add("trailer-text", "after all");
        context.ResponseTrailers.Add("trailer-data-bin", [0, 255, 128, 1]);
    }

    private CancellationTokenRegistration CountCancelled(ServerCallContext context) =>
        context.CancellationToken.Register(observations.CountCancelled);
}
