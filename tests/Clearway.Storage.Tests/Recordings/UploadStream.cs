using Clearway.Storage.Recordings;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>An upload's messages behind the header; may stop half-way for a signal, or be cut.</summary>
internal sealed class UploadStream(IEnumerable<UploadRequest> messages, bool isCut = false, Task? before = null)
    : IAsyncStreamReader<UploadRequest>, IDisposable
{
    private readonly IEnumerator<UploadRequest> _messages = messages.GetEnumerator();
    private readonly CancellationTokenSource _cut = new();

    public UploadRequest Current => _messages.Current;

    public CancellationToken Cancelled => _cut.Token;

    public static UploadStream Of(ReadOnlyMemory<byte> bytes, bool isCut = false, Task? before = null) => new(Chunks(bytes), isCut, before);

    public void Dispose()
    {
        _messages.Dispose();
        _cut.Dispose();
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_messages.MoveNext())
        {
            return true;
        }

        await (before ?? Task.CompletedTask);
        if (isCut)
        {
            await _cut.CancelAsync();
            throw new OperationCanceledException(_cut.Token);
        }

        return false;
    }

    private static IEnumerable<UploadRequest> Chunks(ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length; sent += RecordingLimits.MaxChunkBytes)
        {
            var chunk = bytes.Slice(sent, Math.Min(RecordingLimits.MaxChunkBytes, bytes.Length - sent));
            yield return new UploadRequest { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) };
        }
    }
}
