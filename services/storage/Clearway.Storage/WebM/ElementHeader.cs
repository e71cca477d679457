namespace Clearway.Storage.WebM;

/// <summary>Id and size of one element (RFC 8794 section 5).</summary>
/// <param name="Id">Id with its marker bits.</param>
/// <param name="Size">Bytes of data, or <see cref="Unknown"/>.</param>
/// <param name="Start">Offset of the id's first byte.</param>
/// <param name="DataStart">Offset of the data's first byte.</param>
internal readonly record struct ElementHeader(uint Id, long Size, long Start, long DataStart)
{
    /// <summary>Size of an element that lasts until an element of its parent's level begins (RFC 8794 section 6.2).</summary>
    public const long Unknown = -1;

    public bool HasKnownSize => Size != Unknown;

    /// <summary>Offset behind the element; only for known sizes.</summary>
    public long End => DataStart + Size;
}
