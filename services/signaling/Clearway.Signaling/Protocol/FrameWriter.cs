using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Clearway.Signaling.Protocol;

/// <summary>
/// Writes JSON into memory that each thread keeps for its next frame: a join writes several, and buffers that grow for each were half of
/// what it allocated.
/// </summary>
internal sealed class FrameWriter : IDisposable
{
    // What is larger is a page of chat history, and no thread needs to hold that much.
    private const int MaxKept = 64 * 1024;

    // Browsers parse JSON, never HTML, out of a frame: only what JSON itself asks for is escaped.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static FrameWriter? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(4 * 1024);

    private FrameWriter() => Json = new Utf8JsonWriter(_buffer, Options);

    internal Utf8JsonWriter Json { get; }

    /// <summary>The thread's own, or another one while that is in use.</summary>
    internal static FrameWriter Rent()
    {
        var writer = _kept ?? new FrameWriter();
        _kept = null;
        return writer;
    }

    /// <summary>What was written; valid until the writer is given back.</summary>
    internal ReadOnlySpan<byte> Written
    {
        get
        {
            Json.Flush();
            return _buffer.WrittenSpan;
        }
    }

    public void Dispose()
    {
        if (_buffer.Capacity > MaxKept)
        {
            Json.Dispose();
            return;
        }

        _buffer.ResetWrittenCount();
        Json.Reset();
        _kept = this;
    }
}
