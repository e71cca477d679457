using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace Clearway.Chat.Predictive;

/// <summary>The parts of a dictionary file, in the order in which they lie in it.</summary>
internal enum DictionarySection
{
    /// <summary>The letters of the spellings, UTF-16; a letter's place is its code in <see cref="Text"/>.</summary>
    Letters,

    /// <summary>Where each block of words begins in <see cref="Text"/>; 32 bits each.</summary>
    Blocks,

    /// <summary>The spellings, sorted by key and front-coded, see <see cref="WordCursor"/>.</summary>
    Text,

    /// <summary>One byte a word, see <see cref="WeightedWord"/>.</summary>
    Weights,

    /// <summary>The prefixes that begin many words, see <see cref="PrefixNodes"/>.</summary>
    PrefixNodes,

    /// <summary>The words in the order of their digits on a phone keypad; 24 bits each.</summary>
    KeypadOrder,

    /// <summary>The runs of digits that begin many words.</summary>
    KeypadNodes,

    /// <summary>Which words follow which, see <see cref="WordPairs"/>.</summary>
    Pairs,
}

/// <summary>
/// A dictionary of one language as it lies on disk, mapped into memory: all processes of a machine share its pages. Little-endian:
/// 8 bytes "CLWWORDS", the version, the number of words, the length of each <see cref="DictionarySection"/> (32 bits each), SHA-256 of
/// all that stands before it and behind it, and the sections, each padded to four bytes.
/// </summary>
internal sealed unsafe class DictionaryFile : IDisposable
{
    public const int Version = 1;

    public const int HeaderLength = HashStart + SHA256.HashSizeInBytes;

    public const int Sections = (int)DictionarySection.Pairs + 1;

    private const int HashStart = 8 + sizeof(uint) + sizeof(uint) + (Sections * sizeof(uint));

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly int[] _starts = new int[Sections];
    private readonly int[] _lengths = new int[Sections];

    private DictionaryFile(MemoryMappedFile file, int length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        Length = length;
    }

    /// <summary>Bytes of the whole file.</summary>
    public int Length { get; }

    /// <summary>Number of words.</summary>
    public int Words { get; private set; }

    public static ReadOnlySpan<byte> Magic => "CLWWORDS"u8;

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidDataException">It is no dictionary of this version, or damaged.</exception>
    public static DictionaryFile Open(string path)
    {
        var length = new FileInfo(path).Length;
        if (length is < HeaderLength or > int.MaxValue)
        {
            throw new InvalidDataException($"{path} is no dictionary.");
        }

        var opened = new DictionaryFile(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), (int)length);
        try
        {
            opened.ReadHeader(path);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> this[DictionarySection section] => new(_bytes + _starts[(int)section], _lengths[(int)section]);

    /// <summary>Length of a section with its padding.</summary>
    public static int Padded(int length) => (length + 3) & ~3;

    /// <summary>The checksum.</summary>
    /// <param name="header">What stands before it.</param>
    /// <param name="sections">What follows.</param>
    public static byte[] Digest(ReadOnlySpan<byte> header, ReadOnlySpan<byte> sections)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(sections);
        return hash.GetHashAndReset();
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private void ReadHeader(string path)
    {
        var bytes = new ReadOnlySpan<byte>(_bytes, Length);
        if (!bytes.StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != Version)
        {
            throw new InvalidDataException($"{path} is no dictionary of version {Version}.");
        }

        Words = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        long end = HeaderLength;
        for (var section = 0; section < Sections; section++)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(16 + (section * sizeof(uint)))..]);
            (_starts[section], _lengths[section]) = ((int)end, (int)length);
            end += (length + 3L) & ~3L;
            if (end > Length)
            {
                throw new InvalidDataException($"{path} is cut off.");
            }
        }

        if (end != Length || !Digest(bytes[..HashStart], bytes[HeaderLength..]).AsSpan().SequenceEqual(bytes[HashStart..HeaderLength]))
        {
            throw new InvalidDataException($"{path} is damaged.");
        }
    }
}
