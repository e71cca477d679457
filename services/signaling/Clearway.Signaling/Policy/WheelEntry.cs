namespace Clearway.Signaling.Policy;

/// <summary>
/// Something that is due at a time and belongs to at most one <see cref="TimeWheel"/>. It is the list's own link, so adding and
/// cancelling allocate nothing.
/// </summary>
/// <param name="hash">Chooses the shard, for ever.</param>
internal abstract class WheelEntry(int hash)
{
    /// <summary>The value of <see cref="List"/> while the entry is in no wheel.</summary>
    internal const int Nowhere = -1;

    /// <summary>When the entry is due, in Unix milliseconds; means something while it is in a wheel.</summary>
    internal long Due { get; set; }

    /// <summary>Index of the shard.</summary>
    internal int Shard { get; } = (int)((uint)hash % TimeWheel.Shards);

    // The shard's own, guarded by its lock.
    internal int List { get; set; } = Nowhere;

    internal WheelEntry? Next { get; set; }

    internal WheelEntry? Previous { get; set; }

    /// <summary>
    /// The time has come and the entry is out of the wheel. Called without a lock of the wheel; the entry may have been set or cancelled
    /// again since, so its owner looks at the clock once more.
    /// </summary>
    internal abstract void OnDue();
}
