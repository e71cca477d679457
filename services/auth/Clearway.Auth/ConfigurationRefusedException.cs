namespace Clearway.Auth;

/// <summary>The service cannot run safely as it is configured; the message is one line for the person who configures it.</summary>
internal sealed class ConfigurationRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
